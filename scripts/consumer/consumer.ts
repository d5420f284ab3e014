// An application of a user's, as check-package.mjs installs, compiles and starts it: as CommonJS and as an ES module.

import 'reflect-metadata';
import express from 'express';
import { Authorized, CurrentUser, Get, JsonController, Post, useExpressServer } from 'routing-controllers';
import {
  grantScopes,
  InvalidGrantError,
  inject,
  LoginManager,
  OAuth2PasswordRequestForm,
  PasswordForm,
  type TokenResponse,
  UserLoader,
} from 'routing-controllers-login';

interface Account {
  readonly name: string;
  readonly password: string;
  readonly scopes: readonly string[];
}

class Database {
  private readonly accounts: Account[] = [{ name: 'ada', password: 'lovelace', scopes: ['notes:read'] }];

  find(name: string): Account | null {
    return this.accounts.find((account) => account.name === name) ?? null;
  }
}

const database = new Database();

class Accounts {
  @UserLoader({ db: inject(Database) })
  find(name: string, { db }: { db: Database }): Account | null {
    return db.find(name);
  }
}

const lm = new LoginManager<Account>('a secret that is long enough for HS256', '/login', {
  userLoader: Accounts,
  useCookie: true,
  scopes: { 'notes:read': 'Read notes' },
});

@JsonController()
class Notes {
  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm): Promise<TokenResponse> {
    const account = database.find(form.username);
    if (account?.password !== form.password) throw new InvalidGrantError('Wrong username or password');
    return lm.createTokenResponse({ data: { sub: account.name }, scopes: grantScopes(form.scopes, account.scopes) });
  }

  @Authorized(['notes:read'])
  @Get('/notes')
  list(@CurrentUser() account: Account): string[] {
    return [`a note of ${account.name}`];
  }
}

const app = useExpressServer(express(), {
  controllers: [Notes],
  authorizationChecker: lm.checker,
  currentUserChecker: lm.currentUserChecker,
});
const server = app.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
