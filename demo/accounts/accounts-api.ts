import { CurrentUser, Get, JsonController } from 'routing-controllers';
import { OpenAPI, ResponseSchema } from 'routing-controllers-openapi';
import { Service } from 'typedi';
import { Account } from './account';

@Service()
@JsonController()
@OpenAPI({ tags: ['Accounts'] })
export class AccountsApi {
  @Get('/api/me')
  @ResponseSchema(Account, { description: 'The account' })
  me(@CurrentUser() account: Account): Account {
    return account;
  }
}
