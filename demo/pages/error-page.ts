import { STATUS_CODES } from 'node:http';
import { CrossOriginError, InsufficientScopeError, PolicyDeniedError } from 'routing-controllers-login';
import { type Html, html } from './html';
import { page, type Visitor } from './layout';

interface Explanation {
  readonly title: string;
  readonly text: string | Html;
}

/** Explains an error in plain words. Of the error itself only the missing scopes are shown. */
export function errorPage(status: number, error: unknown, visitor: Visitor | null): string {
  const { title, text } = explain(status, error);
  const content = html`<section class="message">
      <p class="status">${status}</p>
      <h1>${title}</h1>
      <p>${text}</p>
      <p><a class="button" href="${visitor ? '/notes' : '/'}">${visitor ? 'Back to your notes' : 'To the start page'}</a></p>
    </section>`;
  return page({ title, visitor, content, narrow: true });
}

function explain(status: number, error: unknown): Explanation {
  if (error instanceof InsufficientScopeError) {
    const scopes = error.scopes.map((scope, index) => html`${index > 0 && ', '}<code>${scope}</code>`);
    return {
      title: 'Your account may not do this',
      text: html`It needs the permission ${scopes}, which your account does not have.`,
    };
  }
  if (error instanceof PolicyDeniedError) {
    return {
      title: 'This is for administrators',
      text: 'You are logged in, but your account is not an administrator’s.',
    };
  }
  if (error instanceof CrossOriginError) {
    return {
      title: 'That came from another site',
      text: 'Nothing was changed. Open the page here and send the form again.',
    };
  }
  return explanations[status] ?? otherwise(status);
}

const explanations: Readonly<Record<number, Explanation>> = {
  400: { title: 'That did not work', text: 'The address or the form was not as expected.' },
  404: { title: 'There is nothing here', text: 'The page is gone, or it never was, or it is somebody else’s.' },
  413: { title: 'That is too long', text: 'Shorten the text and send it again.' },
  429: { title: 'Too many attempts', text: 'Wait a minute, then try again.' },
  503: {
    title: 'Back in a moment',
    text: 'Who is logged in cannot be checked just now. Try again shortly: you are still logged in.',
  },
};

function otherwise(status: number): Explanation {
  if (status < 500)
    return { title: STATUS_CODES[status] ?? 'That did not work', text: 'The request could not be answered.' };
  return { title: 'Something broke', text: 'It is not your fault. Try again in a moment.' };
}
