import type { Problems } from '../http/validation';
import { alert, inputField } from '../pages/field';
import { html } from '../pages/html';
import { page } from '../pages/layout';

interface RegistrationPage {
  readonly email?: string;
  readonly problems?: Problems;
}

export function registrationPage({ email, problems = {} }: RegistrationPage): string {
  const password = {
    name: 'password',
    label: 'Password',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'At least 8 characters; a few words are better.',
    minlength: 8,
    maxlength: 128,
    problem: problems.password,
  } as const;
  const content = html`<section class="card">
      <h1>Create an account</h1>
      ${alert(problems.form)}
      <form method="post" action="/register">
        ${inputField({ name: 'email', label: 'Email', type: 'email', autocomplete: 'username', value: email, problem: problems.email })}
        ${inputField(password)}
        <button>Register</button>
      </form>
      <p class="aside">Registered already? <a href="/login">Log in</a></p>
    </section>`;
  return page({ title: 'Register', visitor: null, content, narrow: true, current: '/register' });
}
