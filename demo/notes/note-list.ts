import { type Account, may } from '../accounts/account';
import { date } from '../pages/date';
import { type Html, html } from '../pages/html';
import { page } from '../pages/layout';
import type { Note } from './note';

export function noteList(account: Account, notes: readonly Note[]): string {
  const content = html`<div class="heading">
      <h1>Your notes</h1>
      ${may(account, 'notes:write') && html`<a class="button" href="/notes/new">New note</a>`}
    </div>
    ${!may(account, 'notes:write') && readOnly}
    ${notes.length > 0 ? html`<ul class="notes">${notes.map(cardOf)}</ul>` : nothingYet}`;
  return page({ title: 'Your notes', visitor: account, content, current: '/notes' });
}

function cardOf({ id, title, text, updatedAt }: Note): Html {
  return html`
      <li>
        <h2><a href="/notes/${id}">${title}</a></h2>
        <p class="excerpt">${text}</p>
        <p class="meta">${date(updatedAt)}</p>
      </li>`;
}

const readOnly = html`<p class="notice">This account may read notes, not write them.
      <a href="/notes/new">See what happens if you try</a>.</p>`;

const nothingYet = html`<p class="empty">Nothing here yet.</p>`;
