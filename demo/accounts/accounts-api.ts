import { Body, CurrentUser, Get, HttpCode, HttpError, JsonController, Post } from 'routing-controllers';
import {
  grantScopes,
  InvalidGrantError,
  LoginManager,
  OAuth2PasswordRequestForm,
  PasswordForm,
  Public,
} from 'routing-controllers-login';
import { OpenAPI, ResponseSchema } from 'routing-controllers-openapi';
import { Service } from 'typedi';
import { mustFit } from '../http/validation';
import { Account } from './account';
import { Registration } from './forms';
import { SignIn, wrongCredentials } from './sign-in';
import { emailTaken, SignUp } from './sign-up';

@Service()
@JsonController()
@OpenAPI({ tags: ['Accounts'] })
export class AccountsApi {
  constructor(
    private readonly manager: LoginManager<Account>,
    private readonly signIn: SignIn,
    private readonly signUp: SignUp,
  ) {}

  /** The OAuth 2.0 password grant: a token with the scopes asked for, or with all that the account may have. */
  @Public()
  @Post('/token')
  async token(@PasswordForm() form: OAuth2PasswordRequestForm) {
    const account = await this.signIn.check(form.username, form.password);
    if (!account) throw new InvalidGrantError(wrongCredentials);
    const scopes = grantScopes(form.scopes, account.scopes);
    return this.manager.createTokenResponse({ data: { sub: account.id }, scopes });
  }

  @Public()
  @Post('/api/accounts')
  @HttpCode(201)
  @ResponseSchema(Account, { description: 'The new account' })
  async register(@Body({ required: true }) form: Registration): Promise<Account> {
    await mustFit(Registration, form);
    const account = await this.signUp.register(form);
    if (!account) throw new HttpError(409, emailTaken);
    return account;
  }

  @Get('/api/me')
  @ResponseSchema(Account, { description: 'The account' })
  me(@CurrentUser() account: Account): Account {
    return account;
  }
}
