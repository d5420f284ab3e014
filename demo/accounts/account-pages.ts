import type { Request, Response } from 'express';
import {
  Authorized,
  Body,
  Controller,
  CurrentUser,
  Get,
  Post,
  QueryParam,
  Req,
  Res,
  UseBefore,
} from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import { Service } from 'typedi';
import { formBody } from '../http/form-body';
import { found } from '../http/found';
import { seeOther } from '../http/see-other';
import { type Problems, problemsOf } from '../http/validation';
import { type Account, recentLogin } from './account';
import { accountPage, logoutPage } from './account-page';
import { EndSessionForm, PasswordChangeForm } from './forms';
import { PasswordChange } from './password-change';
import { SignIn } from './sign-in';

@Service()
@Controller('/account')
export class AccountPages {
  constructor(
    private readonly manager: LoginManager<Account>,
    private readonly signIn: SignIn,
    private readonly passwords: PasswordChange,
  ) {}

  @Get('/')
  show(@CurrentUser() account: Account, @QueryParam('changed') changed: string, @Req() request: Request) {
    return this.page(account, request, { hasNewPassword: changed === 'password' });
  }

  @Post('/sessions/end')
  @UseBefore(formBody)
  async endSession(
    @CurrentUser() account: Account,
    @Body({ required: true }) { id }: EndSessionForm,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    // Only a session of one's own: an id of somebody else's is like one that does not exist.
    const session = found((await this.manager.sessions(account.id)).find((one) => one.id === id));
    const { session: current } = await this.manager.authenticate(request);
    if (session.id === current?.id) {
      await this.manager.logout(request, response);
      return seeOther(response, '/');
    }
    await this.manager.endSession(session.id);
    return seeOther(response, '/account');
  }

  /** A page of its own, so that the login page can send back to it. */
  @Get('/logout')
  @Authorized(recentLogin)
  confirmLogout(@CurrentUser() account: Account) {
    return logoutPage(account);
  }

  @Post('/logout')
  @Authorized(recentLogin)
  async logOutEverywhere(@CurrentUser() account: Account, @Req() request: Request, @Res() response: Response) {
    await this.manager.revokeAll(account.id);
    await this.manager.logout(request, response);
    return seeOther(response, '/login');
  }

  @Post('/password')
  @UseBefore(formBody)
  async changePassword(
    @CurrentUser() account: Account,
    @Body({ required: true }) form: PasswordChangeForm,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const problems = await problemsOf(PasswordChangeForm, form);
    if (problems) return this.refuse(account, request, response, problems);
    if (!(await this.isPasswordOf(account, form.current, request)))
      return this.refuse(account, request, response, { current: 'That is not your password' });
    const { payload } = await this.manager.authenticate(request);
    await this.passwords.setPassword(account, form.password, response, payload.login_remember === true);
    return seeOther(response, '/account?changed=password');
  }

  private async isPasswordOf({ email }: Account, password: string, { ip }: Request): Promise<boolean> {
    return (await this.signIn.check({ email, address: ip }, password)) !== undefined;
  }

  private refuse(account: Account, request: Request, response: Response, problems: Problems): Promise<string> {
    response.status(400);
    return this.page(account, request, { problems });
  }

  private async page(
    account: Account,
    request: Request,
    state: { readonly hasNewPassword?: boolean; readonly problems?: Problems },
  ): Promise<string> {
    const { session } = await this.manager.authenticate(request);
    const sessions = await this.manager.sessions(account.id);
    return accountPage({ account, sessions, currentId: session?.id, ...state });
  }
}
