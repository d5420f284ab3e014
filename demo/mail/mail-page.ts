import type { Problems } from '../http/validation';
import { alert, inputField } from '../pages/field';
import { type Html, html } from '../pages/html';
import { page } from '../pages/layout';

interface MailPage {
  readonly title: string;
  /** The path that the form is sent to. */
  readonly action: string;
  readonly button: string;
  readonly aside: Html;
  readonly email?: string;
  readonly problems?: Problems;
}

/** A page that asks for an email address, to send a link to it. */
export function mailPage({ title, action, button, aside, email, problems = {} }: MailPage): string {
  const content = html`<section class="card">
      <h1>${title}</h1>
      ${alert(problems.form)}
      <form method="post" action="${action}">
        ${inputField({ name: 'email', label: 'Email', type: 'email', autocomplete: 'username', value: email, problem: problems.email })}
        <button>${button}</button>
      </form>
      <p class="aside">${aside}</p>
    </section>`;
  return page({ title, visitor: null, content, narrow: true, current: action });
}

/** The answer, whether or not the address has an account. */
export function mailSentPage(email: string): string {
  const content = html`<section class="card">
      <h1>Look at your mail</h1>
      <p>A mail is on its way to <strong>${email}</strong>, if it can be. Its link works once, within an hour.</p>
      <p class="aside">The demo sends no mail: it prints it to the console.</p>
    </section>`;
  return page({ title: 'Look at your mail', visitor: null, content, narrow: true });
}
