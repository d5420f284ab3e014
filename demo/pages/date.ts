import { type Html, html } from './html';

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const dateTimeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

export function date(iso: string): Html {
  return html`<time datetime="${iso}">${dateFormat.format(new Date(iso))}</time>`;
}

export function dateTime(time: Date): Html {
  return html`<time datetime="${time.toISOString()}">${dateTimeFormat.format(time)} UTC</time>`;
}
