import type { IncomingMessage, RequestListener } from 'node:http';
import { expect } from 'chai';
import { foreignIssuerOf } from '../../src/jwt/issuers/foreign-issuer';
import type { IssuerOptions } from '../../src/jwt/issuers/issuer-options';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { type Account, Accounts, SECRET } from '../support/accounts';
import { TestClock } from '../support/clock';
import { closeProviders, Provider } from '../support/provider';
import { rejection } from '../support/rejection';

const codeOf = (verifying: Promise<unknown>): Promise<string> =>
  verifying.then(
    () => 'accepted',
    ({ code, cause }) => (code === 'token_invalid' ? cause : code),
  );

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
}

describe('An opaque token', () => {
  let provider: Provider;
  let clock: TestClock;
  let asked: { body: string; type: string | undefined; authorization: string | undefined }[];
  let answer: Record<string, unknown>;

  beforeEach(async () => {
    clock = new TestClock();
    asked = [];
    provider = await Provider.start();
    answer = { active: true, sub: 'ada@example.com', exp: clock.now / 1000 + 3600, scope: 'a b' };
    provider.answer = async (request, response) => {
      const { authorization, 'content-type': type } = request.headers;
      asked.push({ body: await bodyOf(request), type, authorization });
      response.end(JSON.stringify(answer));
    };
  });

  afterEach(closeProviders);

  const managerOf = (issuer: Partial<IssuerOptions> = {}, options: LoginManagerOptions<Account> = {}) =>
    new LoginManager<Account>(
      {
        issuer: provider.issuer,
        audience: 'api',
        introspection: { url: `${provider.issuer}/introspect`, clientId: 'my api', clientSecret: 'p:w&d' },
        ...issuer,
      },
      null,
      { userLoader: Accounts, clock: clock.tell, ...options },
    );

  it('is sent to the issuer in a form, with Basic credentials', async () => {
    await managerOf().verify('opaque-token');
    const credentials = Buffer.from('my+api:p%3Aw%26d').toString('base64');
    expect(asked).to.deep.equal([
      {
        body: 'token=opaque-token&token_type_hint=access_token',
        type: 'application/x-www-form-urlencoded',
        authorization: `Basic ${credentials}`,
      },
    ]);
  });

  it('has the scopes and the user of the answer', async () => {
    const manager = managerOf();
    const request = { headers: { authorization: 'Bearer opaque-token' } } as never;
    const { user, scopes } = await manager.authenticate(request, ['a', 'b']);
    expect(user.email).to.equal('ada@example.com');
    expect(scopes).to.deep.equal(['a', 'b']);
  });

  it('is remembered for as long as verifiedTokenCache says', async () => {
    const manager = managerOf();
    await manager.verify('opaque-token');
    clock.advance(299);
    await manager.verify('opaque-token');
    expect(asked).to.have.length(1);
    clock.advance(2);
    await manager.verify('opaque-token');
    expect(asked).to.have.length(2);
  });

  it('is not accepted after its exp, remembered or not', async () => {
    answer.exp = clock.now / 1000 + 10;
    const manager = managerOf();
    await manager.verify('opaque-token');
    clock.advance(11);
    answer = { active: false };
    expect(await codeOf(manager.verify('opaque-token'))).to.equal('token_expired');
    expect(asked).to.have.length(1);
    expect(await codeOf(managerOf().verify('opaque-token'))).to.equal('introspection: the token is not active');
  });

  it('is asked about each time without a cache', async () => {
    const manager = managerOf({}, { verifiedTokenCache: false });
    await manager.verify('opaque-token');
    await manager.verify('opaque-token');
    expect(asked).to.have.length(2);
  });

  it('is asked about once by concurrent requests', async () => {
    const manager = managerOf();
    await Promise.all(Array.from({ length: 20 }, () => manager.verify('opaque-token')));
    expect(asked).to.have.length(1);
  });

  it('does not count for a hash that somebody sends as a token', async () => {
    const { createHash } = await import('node:crypto');
    const manager = managerOf();
    await manager.verify('opaque-token');
    answer = { active: false };
    const hash = createHash('sha256').update('opaque-token').digest('base64url');
    expect(await codeOf(manager.verify(hash))).to.match(/not active/);
  });

  const answers: Record<string, [changes: Record<string, unknown>, result: string]> = {
    'is refused if it is not active': [{ active: false }, 'introspection: the token is not active'],
    'is refused if active is no boolean': [{ active: 'true' }, 'introspection: the token is not active'],
    'is refused if it is bound to a key': [{ token_type: 'DPoP' }, 'introspection: not a bearer token'],
    'is accepted as a bearer token': [{ token_type: 'Bearer' }, 'accepted'],
    'is refused without sub and client_id': [{ sub: undefined }, 'claims: sub must be a non-empty string'],
    'is refused if its exp is no number': [{ exp: 'soon' }, 'claims: exp must be a number'],
    'is refused if it has expired': [{ exp: 1 }, 'token_expired'],
    'is refused if it is not good yet': [{ nbf: 4e9 }, 'not before 2096-10-02T07:06:40.000Z'],
    'is refused for another audience': [{ aud: 'other' }, 'audience'],
    'is accepted for this audience': [{ aud: ['api', 'x'] }, 'accepted'],
    'is refused from another issuer': [{ iss: 'https://example.org' }, 'issuer'],
    'is accepted without exp': [{ exp: undefined }, 'accepted'],
  };

  for (const [name, [changes, result]] of Object.entries(answers))
    it(name, async () => {
      Object.assign(answer, changes);
      expect(await codeOf(managerOf().verify('opaque-token'))).to.equal(result);
    });

  it('of a machine has its client for a subject', async () => {
    Object.assign(answer, { sub: undefined, client_id: 'machine' });
    expect((await managerOf().verify('opaque-token')).sub).to.equal('machine');
  });

  it('says whose it is, so that the loader can tell issuers apart', async () => {
    expect((await managerOf().verify('opaque-token')).iss).to.equal(provider.issuer);
  });

  it('is of another issuer than the manager, if that has a secret of its own', async () => {
    const introspection = { url: `${provider.issuer}/introspect`, clientId: 'a', clientSecret: 'b' };
    const beside = new LoginManager<Account>(SECRET, null, {
      userLoader: Accounts,
      clock: clock.tell,
      issuers: [{ issuer: provider.issuer, audience: 'api', introspection }],
    });
    expect(foreignIssuerOf(await beside.verify('opaque-token'))).to.equal(provider.issuer);
    expect(foreignIssuerOf(await managerOf().verify('opaque-token'))).to.equal(undefined);
  });

  it('is held to acceptClaims', async () => {
    const manager = managerOf({}, { acceptClaims: () => false });
    expect(await codeOf(manager.verify('opaque-token'))).to.equal('acceptClaims');
  });

  const failures: Record<string, RequestListener> = {
    'an error': (_, response) => response.writeHead(500).end(),
    'a refusal of the client': (_, response) => response.writeHead(401).end('{"active":true}'),
    'a redirect': (_, response) => response.writeHead(307, { Location: '/' }).end(),
    'no JSON': (_, response) => response.end('active'),
    nothing: () => undefined,
  };

  for (const [name, listener] of Object.entries(failures))
    it(`is 503 if the issuer answers with ${name}, until it answers rightly`, async () => {
      const manager = managerOf({ timeout: '500ms' });
      const { answer: rightly } = provider;
      provider.answer = listener;
      expect(await codeOf(manager.verify('opaque-token'))).to.equal('service_unavailable');
      provider.answer = rightly;
      expect(await codeOf(manager.verify('opaque-token'))).to.equal('accepted');
    });

  it('is never sent to the issuer if no token can look so', async () => {
    const manager = managerOf();
    for (const token of ['', 'with space', 'ü', 'a"b', 'x'.repeat(10_000)])
      expect(await codeOf(manager.verify(token))).to.equal('malformed');
    expect(asked).to.deep.equal([]);
  });

  it('is sent up to the length that any token may have', async () => {
    const manager = managerOf();
    expect(await codeOf(manager.verify('x'.repeat(8192)))).to.equal('accepted');
    expect(await codeOf(manager.verify('x'.repeat(8193)))).to.equal('malformed');
    expect(asked).to.have.length(1);
  });

  it('without exp is good for a minute', async () => {
    Object.assign(answer, { exp: undefined });
    const manager = managerOf();
    expect((await manager.verify('opaque-token')).exp).to.equal(clock.now / 1000 + 60);
    clock.advance(59);
    await manager.verify('opaque-token');
    expect(asked).to.have.length(1);
  });

  it('without exp is asked about again after a minute, and is good for another', async () => {
    Object.assign(answer, { exp: undefined });
    const manager = managerOf();
    for (const count of [1, 2, 3]) {
      expect(await codeOf(manager.verify('opaque-token'))).to.equal('accepted');
      expect(asked).to.have.length(count);
      clock.advance(60);
    }
    answer = { active: false };
    expect(await codeOf(manager.verify('opaque-token'))).to.equal('introspection: the token is not active');
  });

  it('is refused at once after its issuer was not there five times in a row', async () => {
    const manager = managerOf({ timeout: '50ms' });
    let calls = 0;
    provider.answer = () => {
      calls += 1;
    };
    for (let index = 0; index < 20; index++)
      expect(await codeOf(manager.verify(`token-${index}`))).to.equal('service_unavailable');
    expect(calls).to.equal(5);
  });

  it('that its issuer cannot answer keeps no other from being asked about', async () => {
    const manager = managerOf();
    const { answer: rightly } = provider;
    provider.answer = (_, response) => response.writeHead(500).end();
    for (let index = 0; index < 20; index++)
      expect(await codeOf(manager.verify(`token-${index}`))).to.equal('service_unavailable');
    provider.answer = rightly;
    expect(await codeOf(manager.verify('opaque-token'))).to.equal('accepted');
  });

  it('that cannot be asked about tells the developer of which issuer', async () => {
    provider.answer = (_, response) => response.writeHead(500).end();
    const error = await rejection(managerOf().verify('opaque-token'));
    const cause = error.cause as Error;
    expect(cause.message).to.equal(`The introspection endpoint of ${provider.issuer} failed`);
    expect(cause.cause).to.be.instanceOf(Error);
  });

  it('is malformed without introspection', async () => {
    expect(await codeOf(managerOf({ introspection: undefined } as never).verify('opaque-token'))).to.equal('malformed');
  });
});
