import type { Response } from 'express';
import { Authorized, Body, Controller, CurrentUser, Get, Param, Post, Res, UseBefore } from 'routing-controllers';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { formBody } from '../http/form-body';
import { found } from '../http/found';
import { seeOther } from '../http/see-other';
import { problemsOf } from '../http/validation';
import { NoteDraft } from './note-draft';
import { noteForm } from './note-form';
import { noteList } from './note-list';
import { notePage } from './note-page';
import { Notes } from './notes';

@Service()
@Controller('/notes')
export class NotesPages {
  constructor(private readonly notes: Notes) {}

  @Get('/')
  @Authorized('notes:read')
  list(@CurrentUser() account: Account): string {
    return noteList(account, this.notes.list(account));
  }

  // Before `/:id`, which would match it.
  @Get('/new')
  @Authorized('notes:write')
  compose(@CurrentUser() account: Account): string {
    return noteForm(account, { title: '', text: '' });
  }

  @Get('/:id')
  @Authorized('notes:read')
  read(@CurrentUser() account: Account, @Param('id') id: number): string {
    return notePage(account, found(this.notes.find(account, id)));
  }

  @Get('/:id/edit')
  @Authorized('notes:write')
  edit(@CurrentUser() account: Account, @Param('id') id: number): string {
    const note = found(this.notes.find(account, id));
    return noteForm(account, note, { id });
  }

  @Post('/')
  @Authorized('notes:write')
  @UseBefore(formBody)
  async write(@CurrentUser() account: Account, @Body({ required: true }) draft: NoteDraft, @Res() response: Response) {
    const problems = await problemsOf(NoteDraft, draft);
    if (problems) {
      response.status(400);
      return noteForm(account, draft, { problems });
    }
    return seeOther(response, `/notes/${this.notes.add(account, draft).id}`);
  }

  @Post('/:id')
  @Authorized('notes:write')
  @UseBefore(formBody)
  async change(
    @CurrentUser() account: Account,
    @Param('id') id: number,
    @Body({ required: true }) draft: NoteDraft,
    @Res() response: Response,
  ) {
    const problems = await problemsOf(NoteDraft, draft);
    if (problems) {
      response.status(400);
      return noteForm(account, draft, { id, problems });
    }
    return seeOther(response, `/notes/${found(this.notes.change(account, id, draft)).id}`);
  }

  @Post('/:id/delete')
  @Authorized('notes:write')
  remove(@CurrentUser() account: Account, @Param('id') id: number, @Res() response: Response) {
    found(this.notes.remove(account, id));
    return seeOther(response, '/notes');
  }
}
