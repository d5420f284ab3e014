import { Controller, CurrentUser, Get } from 'routing-controllers';
import { Service } from 'typedi';
import { type Account, mayAdminister, recentLogin, scopes } from '../accounts/account';
import { Accounts } from '../accounts/accounts';
import { Notes } from '../notes/notes';
import { date } from '../pages/date';
import { type Html, html } from '../pages/html';
import { page } from '../pages/layout';

@Service()
@Controller('/admin')
@scopes.Authorized([mayAdminister, recentLogin])
export class AdminPage {
  constructor(
    private readonly accounts: Accounts,
    private readonly notes: Notes,
  ) {}

  @Get('/')
  show(@CurrentUser() visitor: Account): string {
    const counts = this.notes.countByOwner();
    const rows = this.accounts.all().map((account) => rowOf(account, counts.get(account.id) ?? 0));
    const content = html`<div class="heading"><h1>Accounts</h1></div>
    <div class="scroll" role="region" aria-label="Accounts" tabindex="0">
      <table>
        <thead><tr><th scope="col">Email</th><th scope="col">Permissions</th><th scope="col" class="number">Notes</th><th scope="col">Since</th></tr></thead>
        <tbody>
        ${rows}
        </tbody>
      </table>
    </div>`;
    return page({ title: 'Accounts', visitor, content, current: '/admin' });
  }
}

function rowOf({ email, admin, scopes: granted, createdAt }: Account, notes: number): Html {
  const tags = granted.map((scope) => html`<span class="tag">${scope}</span> `);
  return html`<tr>
          <th scope="row">${email} ${admin && html`<span class="tag strong">admin</span>`}</th>
          <td>${tags}</td>
          <td class="number">${notes}</td>
          <td>${date(createdAt)}</td>
        </tr>`;
}
