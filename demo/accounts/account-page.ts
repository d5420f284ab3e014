import type { Response } from 'express';
import { Controller, CurrentUser, Get, Post, Res } from 'routing-controllers';
import { Service } from 'typedi';
import { seeOther } from '../http/see-other';
import { date } from '../pages/date';
import { html } from '../pages/html';
import { page } from '../pages/layout';
import { BrowserSessions } from '../sessions/browser-sessions';
import { longestStay } from '../sessions/session-hint';
import type { Account } from './account';

@Service()
@Controller('/account')
export class AccountPage {
  constructor(private readonly sessions: BrowserSessions) {}

  @Get('/')
  show(@CurrentUser() account: Account): string {
    const tags = account.scopes.map((scope) => html`<span class="tag">${scope}</span> `);
    const content = html`<section class="card">
      <h1>Your account</h1>
      <dl>
        <div><dt>Email</dt><dd>${account.email}</dd></div>
        <div><dt>Permissions</dt><dd>${tags}</dd></div>
        <div><dt>Since</dt><dd>${date(account.createdAt)}</dd></div>
      </dl>
      <h2>Where you are logged in</h2>
      <p class="hint">
        A login ends with “Log out”, and after ${longestStay} days at the latest. Lost a phone, or forgot to log out
        somewhere? Here all of them end at once: this browser, the others, and the tokens of programs.
      </p>
      <form method="post" action="/account/logout"><button class="danger">Log out everywhere</button></form>
    </section>`;
    return page({ title: 'Your account', visitor: account, content, narrow: true, current: '/account' });
  }

  @Post('/logout')
  async logOutEverywhere(@CurrentUser() account: Account, @Res() response: Response) {
    await this.sessions.endAll(account, response);
    return seeOther(response, '/login');
  }
}
