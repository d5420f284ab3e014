import { Transform } from 'class-transformer';
import { IsEmail, IsNotEmpty, IsString, Length, MaxLength } from 'class-validator';
import { trimmed } from '../http/validation';

export class LoginForm {
  @IsString({ message: 'Enter your email address' })
  @IsNotEmpty({ message: 'Enter your email address' })
  @MaxLength(254, { message: 'Enter your email address' })
  @Transform(trimmed)
  email!: string;

  @IsString({ message: 'Enter your password' })
  @IsNotEmpty({ message: 'Enter your password' })
  password!: string;

  /** Where to go afterwards; checked where it is used. */
  next?: unknown;
}

export class Registration {
  @IsEmail({}, { message: 'Enter an email address, such as ada@example.org' })
  @Transform(trimmed)
  email!: string;

  @Length(8, 128, { message: 'Choose a password of 8 to 128 characters' })
  password!: string;
}
