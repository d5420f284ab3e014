import type { Problems } from '../http/validation';
import { alert, checkbox, inputField } from '../pages/field';
import { html } from '../pages/html';
import { page } from '../pages/layout';

interface LoginPage {
  /** Where to go after the login: a path of this application. */
  readonly next: string;
  readonly email?: string;
  readonly remember?: boolean;
  readonly problems?: Problems;
  /** Whether somebody is logged in, and must enter the password again. */
  readonly confirms?: boolean;
}

export function loginPage({ next, email, remember = false, problems = {}, confirms = false }: LoginPage): string {
  const content = html`<section class="card">
      <h1>Log in</h1>
      ${confirms && html`<p class="notice" role="status">Please enter your password again.</p>`}
      ${alert(problems.form)}
      <form method="post" action="/login">
        <input type="hidden" name="next" value="${next}">
        ${inputField({ name: 'email', label: 'Email', type: 'email', autocomplete: 'username', value: email, problem: problems.email })}
        ${inputField({ name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', problem: problems.password })}
        ${checkbox({ name: 'remember', label: 'Stay logged in when the browser is closed', checked: remember })}
        <button>Log in</button>
      </form>
      <p class="aside"><a href="/password/forgotten">Forgot your password?</a> No account yet? <a href="/register">Register</a></p>
    </section>`;
  return page({ title: 'Log in', visitor: null, content, narrow: true, current: '/login' });
}
