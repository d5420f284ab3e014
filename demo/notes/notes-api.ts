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
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { found } from '../http/found';
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
  read(@CurrentUser() account: Account, @Param('id') id: number): Note {
    return found(this.notes.find(account, id));
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
  @OnUndefined(204)
  remove(@CurrentUser() account: Account, @Param('id') id: number): void {
    found(this.notes.remove(account, id));
  }
}
