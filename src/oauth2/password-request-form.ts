import { IsIn, IsNotEmpty, IsOptional, IsString } from 'class-validator';

/**
 * What a client sends to log a user in with name and password (RFC 6749 §4.3.2). The password grant is for the
 * application's own clients only: RFC 9700 §2.4 rules it out for others.
 */
export class OAuth2PasswordRequestForm {
  /** `'password'`, and so where it is left out, as HTML forms do. */
  @IsIn(['password'])
  grant_type: 'password' = 'password';

  @IsString()
  @IsNotEmpty()
  username!: string;

  @IsString()
  @IsNotEmpty()
  password!: string;

  /** The scopes that are asked for, each once; grant them with `grantScopes`. */
  @IsString({ each: true })
  scopes: string[] = [];

  @IsOptional()
  @IsString()
  client_id?: string;

  @IsOptional()
  @IsString()
  client_secret?: string;
}
