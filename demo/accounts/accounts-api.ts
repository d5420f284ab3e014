import { Body, CurrentUser, Get, HttpCode, HttpError, JsonController, Post } from 'routing-controllers';
import { Public } from 'routing-controllers-login';
import { OpenAPI, ResponseSchema } from 'routing-controllers-openapi';
import { Service } from 'typedi';
import { mustFit } from '../http/validation';
import { Account } from './account';
import { Registration } from './forms';
import { emailTaken, SignUp } from './sign-up';

@Service()
@JsonController()
@OpenAPI({ tags: ['Accounts'] })
export class AccountsApi {
  constructor(private readonly signUp: SignUp) {}

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
