import { Transform } from 'class-transformer';
import { Allow, IsEmail, IsString, Length, MinLength } from 'class-validator';
import { trimmed } from '../http/validation';

export const shortestPassword = 8;
export const longestPassword = 128;

const passwordRule = { message: `Choose a password of ${shortestPassword} to ${longestPassword} characters` };

export class LoginForm {
  @MinLength(1, { message: 'Enter your email address' })
  @Transform(trimmed)
  email!: string;

  @MinLength(1, { message: 'Enter your password' })
  password!: string;

  /** A checkbox: present if it is ticked. */
  @Allow()
  remember?: unknown;

  /** Where to go after the login; the login page checks it. */
  @Allow()
  next?: unknown;
}

/** Asks for a mail: to register, or to reset the password. */
export class EmailForm {
  @IsEmail({}, { message: 'Enter an email address, such as ada@example.org' })
  @Transform(trimmed)
  email!: string;
}

/** Sets the password of a new account, or a new password, with the token of a mail. */
export class NewPasswordForm {
  @IsString({ message: 'The link is incomplete' })
  token!: string;

  /** The id of the account; absent for a new one. */
  @Allow()
  account?: unknown;

  @Length(shortestPassword, longestPassword, passwordRule)
  password!: string;
}

export class PasswordChangeForm {
  @MinLength(1, { message: 'Enter your present password' })
  current!: string;

  @Length(shortestPassword, longestPassword, passwordRule)
  password!: string;
}

export class EndSessionForm {
  @IsString()
  id!: string;
}
