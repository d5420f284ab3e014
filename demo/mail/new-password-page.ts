import { longestPassword, shortestPassword } from '../accounts/forms';
import type { Problems } from '../http/validation';
import { alert, inputField } from '../pages/field';
import { html } from '../pages/html';
import { page } from '../pages/layout';

interface NewPasswordPage {
  /** The path that the form is sent to. */
  readonly action: string;
  /** The token of the link. */
  readonly token: string;
  /** The id of the account whose password is set. */
  readonly account?: string;
  readonly problems?: Problems;
}

export const newPasswordField = {
  type: 'password',
  autocomplete: 'new-password',
  hint: `At least ${shortestPassword} characters; a few words are better.`,
  minlength: shortestPassword,
  maxlength: longestPassword,
} as const;

/** The page that a mail links to. Opening it uses nothing up: mail programs open links by themselves. */
export function newPasswordPage({ action, token, account, problems = {} }: NewPasswordPage): string {
  const content = html`<section class="card">
      <h1>Choose a password</h1>
      ${alert(problems.form ?? problems.token)}
      <form method="post" action="${action}">
        <input type="hidden" name="token" value="${token}">
        ${account !== undefined && html`<input type="hidden" name="account" value="${account}">`}
        ${inputField({ ...newPasswordField, name: 'password', label: 'Password', problem: problems.password })}
        <button>Save and log in</button>
      </form>
    </section>`;
  return page({ title: 'Choose a password', visitor: null, content, narrow: true });
}
