import type { Response } from 'express';
import { Body, Controller, CurrentUser, Get, Post, Res, UseBefore } from 'routing-controllers';
import { Public } from 'routing-controllers-login';
import { Service } from 'typedi';
import { formBody } from '../http/form-body';
import { seeOther } from '../http/see-other';
import { problemsOf } from '../http/validation';
import { BrowserSessions } from '../sessions/browser-sessions';
import type { Account } from './account';
import { Registration } from './forms';
import { registrationPage } from './registration-page';
import { emailTaken, SignUp } from './sign-up';

@Service()
@Public()
@Controller('/register')
export class RegistrationPages {
  constructor(
    private readonly sessions: BrowserSessions,
    private readonly signUp: SignUp,
  ) {}

  @Get('/')
  show(@CurrentUser() account: Account | null, @Res() response: Response) {
    return account ? seeOther(response, '/notes') : registrationPage({});
  }

  @Post('/')
  @UseBefore(formBody)
  async submit(@Body({ required: true }) form: Registration, @Res() response: Response) {
    const problems = await problemsOf(Registration, form);
    if (problems) {
      response.status(400);
      return registrationPage({ email: form.email, problems });
    }
    const account = await this.signUp.register(form);
    if (!account) {
      response.status(409);
      return registrationPage({ email: form.email, problems: { email: emailTaken } });
    }
    await this.sessions.start(response, account, 'while-open');
    return seeOther(response, '/notes');
  }
}
