import {
  Authorized,
  Body,
  CurrentUser,
  Delete,
  Get,
  HttpCode,
  JsonController,
  OnUndefined,
  Param,
  Post,
  Put,
} from 'routing-controllers';
import { OpenAPI, ResponseSchema } from 'routing-controllers-openapi';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { found } from '../http/found';
import { mustFit } from '../http/validation';
import { Note } from './note';
import { NoteDraft } from './note-draft';
import { Notes } from './notes';

@Service()
@JsonController('/api/notes')
@OpenAPI({ tags: ['Notes'] })
export class NotesApi {
  constructor(private readonly notes: Notes) {}

  @Get()
  @Authorized('notes:read')
  @ResponseSchema(Note, { isArray: true, description: 'The newest first' })
  list(@CurrentUser() account: Account): Note[] {
    return this.notes.list(account);
  }

  @Get('/:id')
  @Authorized('notes:read')
  @ResponseSchema(Note, { description: 'The note' })
  read(@CurrentUser() account: Account, @Param('id') id: number): Note {
    return found(this.notes.find(account, id));
  }

  @Post()
  @Authorized('notes:write')
  @HttpCode(201)
  @ResponseSchema(Note, { description: 'The note, written' })
  async write(@CurrentUser() account: Account, @Body({ required: true }) draft: NoteDraft): Promise<Note> {
    await mustFit(NoteDraft, draft);
    return this.notes.add(account, draft);
  }

  @Put('/:id')
  @Authorized('notes:write')
  @ResponseSchema(Note, { description: 'The note, changed' })
  async change(
    @CurrentUser() account: Account,
    @Param('id') id: number,
    @Body({ required: true }) draft: NoteDraft,
  ): Promise<Note> {
    await mustFit(NoteDraft, draft);
    return found(this.notes.change(account, id, draft));
  }

  @Delete('/:id')
  @Authorized('notes:write')
  @HttpCode(204)
  @OnUndefined(204)
  remove(@CurrentUser() account: Account, @Param('id') id: number): void {
    found(this.notes.remove(account, id));
  }
}
