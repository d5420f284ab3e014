import { type Html, html } from './html';

const format = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

export function date(iso: string): Html {
  return html`<time datetime="${iso}">${format.format(new Date(iso))}</time>`;
}
