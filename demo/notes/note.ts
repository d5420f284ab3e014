import { IsInt, IsString } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

/** A note, as the API returns it; the decorators describe it in the API document. */
export class Note {
  @IsInt()
  readonly id!: number;

  @IsString()
  readonly title!: string;

  @IsString()
  readonly text!: string;

  @IsString()
  @JSONSchema({ format: 'date-time' })
  readonly updatedAt!: string;
}
