import { Body, CurrentUser, Delete, Get, HttpCode, JsonController, OnUndefined, Post, Put } from 'routing-controllers';
import { Subject } from 'routing-controllers-login';
import { OpenAPI, ResponseSchema } from 'routing-controllers-openapi';
import { Service } from 'typedi';
import { type Account, scopes } from '../accounts/account';
import { found } from '../http/found';
import { mustFit } from '../http/validation';
import { Note } from './note';
import { isMyNote, noteOfRoute } from './note-access';
import { NoteDraft } from './note-draft';
import { Notes, type OwnedNote } from './notes';

@Service()
@JsonController('/api/notes')
@OpenAPI({ tags: ['Notes'] })
export class NotesApi {
  constructor(private readonly notes: Notes) {}

  @Get()
  @scopes.Authorized('notes:read')
  @ResponseSchema(Note, { isArray: true, description: 'The newest first' })
  list(@CurrentUser() account: Account): Note[] {
    return this.notes.list(account);
  }

  @Get('/:id')
  @scopes.Authorized(['notes:read', isMyNote])
  @ResponseSchema(Note, { description: 'The note' })
  read(@Subject(noteOfRoute) { note }: OwnedNote): Note {
    return note;
  }

  @Post()
  @scopes.Authorized('notes:write')
  @HttpCode(201)
  @ResponseSchema(Note, { description: 'The note, written' })
  async write(@CurrentUser() account: Account, @Body({ required: true }) draft: NoteDraft): Promise<Note> {
    await mustFit(NoteDraft, draft);
    return this.notes.add(account, draft);
  }

  @Put('/:id')
  @scopes.Authorized(['notes:write', isMyNote])
  @ResponseSchema(Note, { description: 'The note, changed' })
  async change(@Subject(noteOfRoute) { note }: OwnedNote, @Body({ required: true }) draft: NoteDraft): Promise<Note> {
    await mustFit(NoteDraft, draft);
    return found(this.notes.change(note.id, draft));
  }

  @Delete('/:id')
  @scopes.Authorized(['notes:write', isMyNote])
  @HttpCode(204)
  @OnUndefined(204)
  remove(@Subject(noteOfRoute) { note }: OwnedNote): void {
    this.notes.remove(note.id);
  }
}
