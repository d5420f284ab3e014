import type { SessionInfo } from 'routing-controllers-login';
import type { Problems } from '../http/validation';
import { newPasswordField } from '../mail/new-password-page';
import { date } from '../pages/date';
import { inputField } from '../pages/field';
import { html } from '../pages/html';
import { page } from '../pages/layout';
import { deviceList } from '../sessions/device-list';
import type { Account } from './account';
import { idleDays, longestDays } from './login-manager';

interface AccountPage {
  readonly account: Account;
  readonly sessions: readonly SessionInfo[];
  /** The session of the request. */
  readonly currentId: string | undefined;
  readonly hasNewPassword?: boolean;
  readonly problems?: Problems;
}

export function accountPage({ account, sessions, currentId, hasNewPassword, problems = {} }: AccountPage): string {
  const tags = account.scopes.map((scope) => html`<span class="tag">${scope}</span> `);
  const presentPassword = { type: 'password', autocomplete: 'current-password' } as const;
  const content = html`<section class="card">
      <h1>Your account</h1>
      ${hasNewPassword && html`<p class="notice" role="status">The password is changed. All other logins have ended.</p>`}
      <dl>
        <div><dt>Email</dt><dd>${account.email}</dd></div>
        <div><dt>Permissions</dt><dd>${tags}</dd></div>
        <div><dt>Since</dt><dd>${date(account.createdAt)}</dd></div>
      </dl>
      <h2>Where you are logged in</h2>
      <p class="hint">A login ends after ${idleDays} days without use, and after ${longestDays} days at the latest. It is renewed while it is used.</p>
      ${deviceList(sessions, currentId)}
      <h2>Log out everywhere</h2>
      <p class="hint">Ends this login, the others, and the tokens of programs.</p>
      <p><a href="/account/logout">Log out everywhere</a></p>
      <h2>Change your password</h2>
      <p class="hint">Ends all other logins.</p>
      <form method="post" action="/account/password">
        ${inputField({ ...presentPassword, name: 'current', label: 'Present password', problem: problems.current })}
        ${inputField({ ...newPasswordField, name: 'password', label: 'New password', problem: problems.password })}
        <button>Change password</button>
      </form>
    </section>`;
  return page({ title: 'Your account', visitor: account, content, narrow: true, current: '/account' });
}

export function logoutPage(account: Account): string {
  const content = html`<section class="card">
      <h1>Log out everywhere?</h1>
      <p class="hint">Ends this login, the others, and the tokens of programs.</p>
      <form method="post" action="/account/logout">
        <button class="danger">Log out everywhere</button>
      </form>
    </section>`;
  return page({ title: 'Log out everywhere', visitor: account, content, narrow: true, current: '/account' });
}
