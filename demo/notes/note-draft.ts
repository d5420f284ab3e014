import { Transform } from 'class-transformer';
import { Length, MaxLength, ValidateIf } from 'class-validator';
import { trimmed, withPlainLineBreaks } from '../http/validation';

export const longestTitle = 120;
export const longestText = 10_000;

/** The contents of a note that is written or changed. */
export class NoteDraft {
  @Length(1, longestTitle, { message: `Give it a title of at most ${longestTitle} characters` })
  @Transform(trimmed)
  title!: string;

  @ValidateIf((_draft, text) => text !== undefined)
  @MaxLength(longestText, { message: `The text may have at most ${longestText} characters` })
  @Transform(withPlainLineBreaks)
  text: string = '';
}
