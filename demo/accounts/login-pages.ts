import type { Request, Response } from 'express';
import { Body, Controller, CurrentUser, Get, Post, QueryParam, Req, Res, UseBefore } from 'routing-controllers';
import { Public } from 'routing-controllers-login';
import { Service } from 'typedi';
import { formBody } from '../http/form-body';
import { localPath } from '../http/local-path';
import { seeOther } from '../http/see-other';
import { problemsOf } from '../http/validation';
import { BrowserSessions } from '../sessions/browser-sessions';
import type { Account } from './account';
import { LoginForm } from './forms';
import { loginPage } from './login-page';
import { SignIn, wrongCredentials } from './sign-in';

@Service()
@Controller()
export class LoginPages {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly signIn: SignIn,
  ) {}

  @Public()
  @Get('/login')
  show(@QueryParam('next') next: string, @CurrentUser() account: Account | null, @Res() response: Response) {
    if (account) return seeOther(response, localPath(next) ?? '/notes');
    return loginPage({ next: localPath(next) });
  }

  @Public()
  @Post('/login')
  @UseBefore(formBody)
  async submit(@Body({ required: true }) form: LoginForm, @Res() response: Response) {
    const next = localPath(form.next);
    const remember = form.remember !== undefined;
    const problems = await problemsOf(LoginForm, form);
    const account = problems ? undefined : await this.signIn.check(form.email, form.password);
    if (!account) {
      response.status(400);
      return loginPage({ next, remember, email: form.email, problems: problems ?? { form: wrongCredentials } });
    }
    await this.sessions.start(response, account, remember ? 'remembered' : 'while-open');
    return seeOther(response, next ?? '/notes');
  }

  /** That it needs a login is also what keeps other sites from logging people out. */
  @Post('/logout')
  async logout(@Req() request: Request, @Res() response: Response) {
    await this.sessions.end(request, response);
    return seeOther(response, '/');
  }
}
