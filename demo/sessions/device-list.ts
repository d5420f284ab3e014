import type { SessionInfo } from 'routing-controllers-login';
import { dateTime } from '../pages/date';
import { type Html, html } from '../pages/html';
import { describeDevice } from './device';

/** The logins of an account, each with a button that ends it. */
export function deviceList(sessions: readonly SessionInfo[], currentId: string | undefined): Html {
  return html`<ul class="devices">${sessions.map((session) => deviceItem(session, session.id === currentId))}
      </ul>`;
}

function deviceItem({ id, loginAt, lastUsedAt, address, userAgent }: SessionInfo, isCurrent: boolean): Html {
  const name = describeDevice(userAgent);
  return html`
        <li>
          <div>
            <h3 title="${userAgent}">${name} ${isCurrent && html`<span class="tag strong">this device</span>`}</h3>
            <p class="meta">${address !== undefined && html`${shortAddress(address)} · `}logged in ${dateTime(loginAt)}</p>
            <p class="meta">last renewed ${dateTime(lastUsedAt)}</p>
          </div>
          <form method="post" action="/account/sessions/end">
            <input type="hidden" name="id" value="${id}">
            <button class="quiet" aria-label="End the login of ${name}">End</button>
          </form>
        </li>`;
}

/** Returns an IPv4 address without the prefix that it has on an IPv6 socket. */
function shortAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}
