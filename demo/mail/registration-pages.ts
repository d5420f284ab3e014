import type { Request, Response } from 'express';
import { Body, Controller, CurrentUser, Get, Post, QueryParam, Req, Res, UseBefore } from 'routing-controllers';
import { InvalidGrantError, LoginManager, Public } from 'routing-controllers-login';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { EmailForm, NewPasswordForm } from '../accounts/forms';
import { formBody } from '../http/form-body';
import { OwnPages } from '../http/own-pages';
import { seeOther } from '../http/see-other';
import { type Problems, problemsOf } from '../http/validation';
import { html } from '../pages/html';
import { mailPage, mailSentPage } from './mail-page';
import { newPasswordPage } from './new-password-page';
import { Registration } from './registration';

@Service()
@Public()
@Controller('/register')
export class RegistrationPages {
  constructor(
    private readonly manager: LoginManager<Account>,
    private readonly registration: Registration,
  ) {}

  @Get('/')
  show(@CurrentUser() account: Account | null, @Res() response: Response) {
    return account ? seeOther(response, '/notes') : registrationPage({});
  }

  @Post('/')
  @UseBefore(OwnPages, formBody)
  async begin(@Body({ required: true }) form: EmailForm, @Req() request: Request, @Res() response: Response) {
    const problems = await problemsOf(EmailForm, form);
    if (problems) {
      response.status(400);
      return registrationPage({ email: form.email, problems });
    }
    await this.registration.begin({ email: form.email, address: request.ip });
    return mailSentPage(form.email);
  }

  @Get('/password')
  choosePassword(@QueryParam('token') token: string = '') {
    return newPasswordPage({ action, token });
  }

  @Post('/password')
  @UseBefore(OwnPages, formBody)
  async finish(@Body({ required: true }) form: NewPasswordForm, @Res() response: Response) {
    const problems = await problemsOf(NewPasswordForm, form);
    if (problems) return refuse(form, problems, response);
    try {
      const account = await this.registration.finish(form.token, form.password);
      await this.manager.login(response, { data: { sub: account.id }, scopes: account.scopes });
    } catch (error) {
      if (!(error instanceof InvalidGrantError)) throw error;
      return refuse(form, { form: error.message }, response);
    }
    return seeOther(response, '/notes');
  }
}

const action = '/register/password';

function registrationPage(contents: { readonly email?: string; readonly problems?: Problems }): string {
  const aside = html`Registered already? <a href="/login">Log in</a>`;
  return mailPage({ title: 'Create an account', action: '/register', button: 'Register', aside, ...contents });
}

function refuse({ token }: NewPasswordForm, problems: Problems, response: Response): string {
  response.status(400);
  return newPasswordPage({ action, token, problems });
}
