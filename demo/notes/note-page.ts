import { type Account, may } from '../accounts/account';
import { date } from '../pages/date';
import { html } from '../pages/html';
import { page } from '../pages/layout';
import type { Note } from './note';

export function notePage(account: Account, { id, title, text, updatedAt }: Note): string {
  const content = html`<article class="note">
      <p class="meta"><a href="/notes">Notes</a> · ${date(updatedAt)}</p>
      <h1>${title}</h1>
      <div class="text">${text}</div>
      ${may(account, 'notes:write') && actionsOn(id)}
    </article>`;
  return page({ title, visitor: account, content, narrow: true });
}

function actionsOn(id: number) {
  return html`<div class="actions">
        <a class="button" href="/notes/${id}/edit">Edit</a>
        <details>
          <summary class="button danger">Delete</summary>
          <form method="post" action="/notes/${id}/delete"><button class="danger">Yes, for good</button></form>
        </details>
      </div>`;
}
