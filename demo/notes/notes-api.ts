import { Authorized, Body, CurrentUser, Delete, Get, HttpCode, JsonController, NotFoundError, OnUndefined, Param, Post, Put } from 'routing-controllers';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { mustFit } from '../http/validation';
import { NoteDraft } from './note-draft';
import { type Note, Notes } from './notes';

@Service()
@JsonController('/api/notes')
export class NotesApi {
  constructor(private readonly notes: Notes) {}

  @Get('/')
  @Authorized('notes:read')
  list(@CurrentUser() account: Account): Note[] {
    return this.notes.list(account);
  }

  @Get('/:id')
  @Authorized('notes:read')
  @OnUndefined(NotFoundError)
  read(@CurrentUser() account: Account, @Param('id') id: number): Note | undefined {
    return this.notes.find(account, id);
  }

  @Post('/')
  @Authorized('notes:write')
  @HttpCode(201)
  async write(@CurrentUser() account: Account, @Body({ required: true }) draft: NoteDraft): Promise<Note> {
    await mustFit(NoteDraft, draft);
    return this.notes.add(account, draft);
  }

  @Put('/:id')
  @Authorized('notes:write')
  @OnUndefined(NotFoundError)
  async change(@CurrentUser() account: Account, @Param('id') id: number, @Body({ required: true }) draft: NoteDraft): Promise<Note | undefined> {
    await mustFit(NoteDraft, draft);
    return this.notes.change(account, id, draft);
  }

  @Delete('/:id')
  @Authorized('notes:write')
  @OnUndefined(204)
  remove(@CurrentUser() account: Account, @Param('id') id: number): void {
    if (!this.notes.remove(account, id)) throw new NotFoundError();
  }
}
