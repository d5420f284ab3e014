import { type ClassConstructor, type TransformFnParams } from 'class-transformer';
import { validate } from 'class-validator';
import { BadRequestError } from 'routing-controllers';

/** A message for each invalid field. It never has the submitted value, which may be a password. */
export type Problems = Readonly<Record<string, string>>;

/**
 * Validates a form with class-validator. It replaces routing-controllers' own validation, whose errors contain the
 * submitted values, and which accepts a JSON array in place of an object.
 *
 * @returns undefined if the form is valid.
 */
export async function problemsOf<Form extends object>(
  Form: ClassConstructor<Form>,
  input: Form,
): Promise<Problems | undefined> {
  if (!(input instanceof Form)) return { form: 'Send one object' };
  const errors = await validate(input, { whitelist: true, validationError: { target: false, value: false } });
  if (errors.length === 0) return undefined;
  return Object.fromEntries(
    errors.map(({ property, constraints = {} }) => [property, Object.values(constraints)[0] ?? '']),
  );
}

/** Validates the body of an API request. @throws {@link InvalidInputError} */
export async function mustFit<Form extends object>(Form: ClassConstructor<Form>, input: Form): Promise<void> {
  const problems = await problemsOf(Form, input);
  if (problems) throw new InvalidInputError(problems);
}

export class InvalidInputError extends BadRequestError {
  override name = 'InvalidInputError';

  constructor(readonly problems: Problems) {
    super('Some fields are not right');
    Object.setPrototypeOf(this, new.target.prototype);
  }

  toJSON(): object {
    return { name: this.name, message: this.message, problems: this.problems };
  }
}

/** Removes the spaces around a string, which pasted text often has. For `@Transform`. */
export function trimmed({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? value.trim() : value;
}

/** Replaces CRLF, which forms send, by LF: `maxlength` counts a line break as one character. For `@Transform`. */
export function withPlainLineBreaks({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : value;
}
