import type { Random } from '../../support/random';
import { CookieJar } from './cookie-jar';
import { type Answer, type Kind, LostAnswer, type Sent, type ServerPair } from './server-pair';

/** Milliseconds before a request that was answered with 503, or not at all, is tried again. */
const RETRY_INTERVAL = 20;

/** How many of all answers get lost. */
const LOST_ANSWERS = 0.05;

/** A browser of one user. Its tabs share the cookies, and know nothing of each other. */
export class Browser {
  readonly jar: CookieJar;
  /** Milliseconds since the epoch; undefined if nobody is logged in. */
  loginAt: number | undefined;
  /** What the requests that were not answered as they should be were answered. */
  readonly complaints: string[] = [];
  /** How long each answer took that was a 503, in milliseconds. */
  readonly troubles: number[] = [];
  private readonly names: { readonly access: string; readonly refresh: string };

  constructor(
    private readonly servers: ServerPair,
    readonly kind: Kind,
    readonly sub: string,
    private readonly random: Random,
  ) {
    this.jar = new CookieJar(() => servers.now);
    const access = kind === 'sliding' ? 'login' : 'access-token';
    this.names = { access, refresh: `${access}-refresh` };
  }

  get accessToken(): string | undefined {
    return this.jar.get(this.names.access);
  }

  get refreshToken(): string | undefined {
    return this.jar.get(this.names.refresh);
  }

  async logIn(): Promise<void> {
    const login: Sent =
      this.kind === 'sliding'
        ? { method: 'POST', path: `/login?sub=${this.sub}` }
        : { method: 'POST', path: '/token', fields: { username: this.sub, password: 'x' } };
    const { status } = await this.insist(login, 0);
    if (status !== 200) throw new Error(`The login was answered with ${status}`);
    this.loginAt = this.servers.now;
  }

  /** The request is sent again as it was, even if a first answer has cleared the cookies. */
  async logOut(): Promise<void> {
    const path = this.kind === 'sliding' ? '/logout' : '/token/revoke';
    const headers = { Cookie: this.jar.headerFor(path) ?? '' };
    const { status } = await this.insist({ method: 'POST', path, headers, fields: {} });
    if (status !== 200) throw new Error(`The logout was answered with ${status}`);
    this.loginAt = undefined;
  }

  /** Asks for a page in one of the tabs, until it is there: renews the login first if it has expired. */
  async visit(): Promise<'in' | 'out'> {
    for (let times = 0; times < 3; times++) {
      const page = await this.insist({ path: '/me' });
      if (page.status === 200 && page.body.sub === this.sub) return 'in';
      if (page.status !== 401) throw new Error(`A page was answered with ${page.status} ${JSON.stringify(page.body)}`);
      if (this.kind === 'sliding') return this.complain(page);
      const fields = { grant_type: 'refresh_token' };
      const refreshed = await this.insist({ method: 'POST', path: '/token', fields });
      if (refreshed.status !== 200) return this.complain(refreshed);
    }
    throw new Error('A login that was renewed is not accepted');
  }

  /** Sends a request once more if its answer was lost, or the store was in trouble. */
  private async insist(sent: Sent, lostAnswers = LOST_ANSWERS): Promise<Answer> {
    for (;;) {
      const answer = await this.send({ ...sent, isLost: this.random.happens(lostAnswers) }).catch((error) => {
        if (!(error instanceof LostAnswer)) throw error;
      });
      if (answer && answer.status !== 503) return answer;
      if (!answer) continue;
      this.troubles.push(answer.milliseconds);
      await new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL));
    }
  }

  private async send(sent: Sent): Promise<Answer> {
    const { headers = { Cookie: this.jar.headerFor(sent.path) ?? '' } } = sent;
    const answer = await this.servers.send(this.kind, { ...sent, headers });
    this.jar.receive(answer.cookies);
    return answer;
  }

  private complain({ status, body }: Answer): 'out' {
    this.complaints.push(`${this.kind} ${this.sub}: ${status} ${JSON.stringify(body)}`);
    return 'out';
  }
}
