import type { Request, Response } from 'express';
import { Body, Controller, Get, Post, QueryParam, Req, Res, UseBefore } from 'routing-controllers';
import { LoginManager, localPath, Public } from 'routing-controllers-login';
import { Service } from 'typedi';
import { formBody } from '../http/form-body';
import { OwnPages } from '../http/own-pages';
import { seeOther } from '../http/see-other';
import { problemsOf } from '../http/validation';
import type { Account } from './account';
import { LoginForm } from './forms';
import { loginPage } from './login-page';
import { SignIn, wrongCredentials } from './sign-in';

const home = '/notes';

@Service()
@Controller()
export class LoginPages {
  constructor(
    private readonly manager: LoginManager<Account>,
    private readonly signIn: SignIn,
  ) {}

  @Public()
  @Get('/login')
  async show(
    @QueryParam('next') next: string,
    @QueryParam('confirm') confirm: string,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const account = await this.manager.optional(request);
    if (!account) return loginPage({ next: localPath(next, home) });
    if (confirm !== 'yes') return seeOther(response, localPath(next, home));
    const { payload } = await this.manager.authenticate(request);
    const remember = payload.login_remember === true;
    return loginPage({ next: localPath(next, home), email: account.email, remember, confirms: true });
  }

  @Public()
  @Post('/login')
  @UseBefore(OwnPages, formBody)
  async submit(@Body({ required: true }) form: LoginForm, @Req() request: Request, @Res() response: Response) {
    const next = localPath(form.next, home);
    const remember = form.remember !== undefined;
    const problems = await problemsOf(LoginForm, form);
    const client = { email: form.email, address: request.ip };
    const account = problems ? undefined : await this.signIn.check(client, form.password);
    if (!account) {
      response.status(400);
      return loginPage({ next, remember, email: form.email, problems: problems ?? { form: wrongCredentials } });
    }
    await this.manager.login(response, { data: { sub: account.id }, scopes: account.scopes, remember });
    return seeOther(response, next);
  }

  /** Public: a login that has expired is logged out as well. Another site cannot log anybody out. */
  @Public()
  @Post('/logout')
  async logout(@Req() request: Request, @Res() response: Response) {
    await this.manager.logout(request, response);
    return seeOther(response, '/');
  }
}
