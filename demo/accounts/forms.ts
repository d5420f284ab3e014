import { Transform } from 'class-transformer';
import { Allow, IsEmail, Length, MinLength } from 'class-validator';
import { trimmed } from '../http/validation';

export class LoginForm {
  @MinLength(1, { message: 'Enter your email address' })
  @Transform(trimmed)
  email!: string;

  @MinLength(1, { message: 'Enter your password' })
  password!: string;

  /** A checkbox: there, or not. */
  @Allow()
  remember?: unknown;

  /** Where to go afterwards; checked where it is used. */
  @Allow()
  next?: unknown;
}

export class Registration {
  @IsEmail({}, { message: 'Enter an email address, such as ada@example.org' })
  @Transform(trimmed)
  email!: string;

  @Length(8, 128, { message: 'Choose a password of 8 to 128 characters' })
  password!: string;
}
