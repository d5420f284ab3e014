import type { Response } from 'express';
import { Body, Controller, CurrentUser, Get, Post, Res, UseBefore } from 'routing-controllers';
import { Subject } from 'routing-controllers-login';
import { Service } from 'typedi';
import { type Account, scopes } from '../accounts/account';
import { formBody } from '../http/form-body';
import { found } from '../http/found';
import { seeOther } from '../http/see-other';
import { problemsOf } from '../http/validation';
import { isMyNote, noteOfRoute } from './note-access';
import { NoteDraft } from './note-draft';
import { noteForm } from './note-form';
import { noteList } from './note-list';
import { notePage } from './note-page';
import { Notes, type OwnedNote } from './notes';

@Service()
@Controller('/notes')
export class NotesPages {
  constructor(private readonly notes: Notes) {}

  @Get('/')
  @scopes.Authorized('notes:read')
  list(@CurrentUser() account: Account): string {
    return noteList(account, this.notes.list(account));
  }

  // Before `/:id`, which would match it.
  @Get('/new')
  @scopes.Authorized('notes:write')
  compose(@CurrentUser() account: Account): string {
    return noteForm(account, { title: '', text: '' });
  }

  @Get('/:id')
  @scopes.Authorized(['notes:read', isMyNote])
  read(@CurrentUser() account: Account, @Subject(noteOfRoute) { note }: OwnedNote): string {
    return notePage(account, note);
  }

  @Get('/:id/edit')
  @scopes.Authorized(['notes:write', isMyNote])
  edit(@CurrentUser() account: Account, @Subject(noteOfRoute) { note }: OwnedNote): string {
    return noteForm(account, note, { id: note.id });
  }

  @Post('/')
  @scopes.Authorized('notes:write')
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
  @scopes.Authorized(['notes:write', isMyNote])
  @UseBefore(formBody)
  async change(
    @CurrentUser() account: Account,
    @Subject(noteOfRoute) { note: { id } }: OwnedNote,
    @Body({ required: true }) draft: NoteDraft,
    @Res() response: Response,
  ) {
    const problems = await problemsOf(NoteDraft, draft);
    if (problems) {
      response.status(400);
      return noteForm(account, draft, { id, problems });
    }
    return seeOther(response, `/notes/${found(this.notes.change(id, draft)).id}`);
  }

  @Post('/:id/delete')
  @scopes.Authorized(['notes:write', isMyNote])
  remove(@Subject(noteOfRoute) { note }: OwnedNote, @Res() response: Response) {
    this.notes.remove(note.id);
    return seeOther(response, '/notes');
  }
}
