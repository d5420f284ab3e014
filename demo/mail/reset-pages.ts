import type { Request, Response } from 'express';
import { Body, Controller, Get, Post, QueryParam, Req, Res, UseBefore } from 'routing-controllers';
import { InvalidGrantError, Public } from 'routing-controllers-login';
import { Service } from 'typedi';
import { EmailForm, NewPasswordForm } from '../accounts/forms';
import { formBody } from '../http/form-body';
import { OwnPages } from '../http/own-pages';
import { seeOther } from '../http/see-other';
import { type Problems, problemsOf } from '../http/validation';
import { html } from '../pages/html';
import { mailPage, mailSentPage } from './mail-page';
import { newPasswordPage } from './new-password-page';
import { PasswordReset } from './password-reset';

@Service()
@Public()
@Controller('/password')
export class ResetPages {
  constructor(private readonly reset: PasswordReset) {}

  @Get('/forgotten')
  show() {
    return forgottenPage({});
  }

  @Post('/forgotten')
  @UseBefore(OwnPages, formBody)
  async begin(@Body({ required: true }) form: EmailForm, @Req() request: Request, @Res() response: Response) {
    const problems = await problemsOf(EmailForm, form);
    if (problems) {
      response.status(400);
      return forgottenPage({ email: form.email, problems });
    }
    await this.reset.begin({ email: form.email, address: request.ip });
    return mailSentPage(form.email);
  }

  @Get('/reset')
  choosePassword(@QueryParam('account') account: string = '', @QueryParam('token') token: string = '') {
    return newPasswordPage({ action, token, account });
  }

  @Post('/reset')
  @UseBefore(OwnPages, formBody)
  async finish(@Body({ required: true }) form: NewPasswordForm, @Res() response: Response) {
    const problems = await problemsOf(NewPasswordForm, form);
    if (problems) return refuse(form, problems, response);
    try {
      await this.reset.finish(form.account, form.token, form.password, response);
    } catch (error) {
      if (!(error instanceof InvalidGrantError)) throw error;
      return refuse(form, { form: error.message }, response);
    }
    return seeOther(response, '/notes');
  }
}

const action = '/password/reset';

function forgottenPage(contents: { readonly email?: string; readonly problems?: Problems }): string {
  const aside = html`You remember it? <a href="/login">Log in</a>`;
  return mailPage({
    title: 'Forgot your password?',
    action: '/password/forgotten',
    button: 'Send a link',
    aside,
    ...contents,
  });
}

function refuse({ account, token }: NewPasswordForm, problems: Problems, response: Response): string {
  response.status(400);
  return newPasswordPage({ action, token, account: String(account), problems });
}
