import { type ClassConstructor, type TransformFnParams } from 'class-transformer';
import { validate } from 'class-validator';
import { BadRequestError } from 'routing-controllers';

/** A sentence for each field that is not right. Never what was submitted: that may be a password. */
export type Problems = Readonly<Record<string, string>>;

/**
 * Checks a form with class-validator. Used in place of routing-controllers' own validation, whose errors hold the
 * submitted values, and which lets a JSON array pass where one object is wanted.
 *
 * @returns undefined where all is well.
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

/** For the JSON API: the form is right, or the request is answered with what is wrong. */
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

/** For `@Transform`: what people paste often has spaces around it. */
export function trimmed({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? value.trim() : value;
}

/** For `@Transform`: forms send CRLF, which their own `maxlength` counts as one character. */
export function withPlainLineBreaks({ value }: TransformFnParams): unknown {
  return typeof value === 'string' ? value.replace(/\r\n?/g, '\n') : value;
}
