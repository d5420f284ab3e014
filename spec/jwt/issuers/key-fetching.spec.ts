import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import type { RemoteSecret } from '../../../src/jwt/issuers/issuer-options';
import { LoginManager } from '../../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../../src/manager/options';
import { type Account, Accounts } from '../../support/accounts';
import { TestClock } from '../../support/clock';
import { ed25519, otherRsa, p256, p384, rsa, rsaPss, weakRsa } from '../../support/keys';
import { closeProviders, Provider, type ProviderKey, toJwk } from '../../support/provider';
import { forge } from '../../support/tokens';

const MINUTE = 60;

async function codeOf(verifying: Promise<unknown>): Promise<string> {
  return verifying.then(
    () => 'accepted',
    ({ code, cause }) => (code === 'token_invalid' ? cause : code),
  );
}

describe('The keys of an issuer', () => {
  let provider: Provider;
  let clock: TestClock;

  const managerOf = (secret: Partial<RemoteSecret> = {}, options: LoginManagerOptions<Account> = {}) =>
    new LoginManager<Account>({ issuer: provider.issuer, audience: 'api', ...secret } as RemoteSecret, null, {
      userLoader: Accounts,
      clock: clock.tell,
      verifiedTokenCache: false,
      ...options,
    });

  beforeEach(async () => {
    provider = await Provider.start();
    clock = new TestClock();
  });

  afterEach(closeProviders);

  it('are discovered, and verify a token', async () => {
    const { sub } = await managerOf().verify(provider.token());
    expect(sub).to.equal('ada@example.com');
    expect(provider.requests).to.deep.equal(['/.well-known/openid-configuration', '/keys']);
  });

  it('are fetched from jwksUri without a document', async () => {
    const manager = managerOf({ issuer: undefined, jwksUri: provider.jwksUri } as never);
    await manager.verify(provider.token());
    expect(provider.requests).to.deep.equal(['/keys']);
  });

  it('are fetched once for a hundred requests that wait', async () => {
    const manager = managerOf();
    await Promise.all(Array.from({ length: 100 }, (_, n) => manager.verify(provider.token({ claims: { n } }))));
    expect(provider.fetches).to.equal(1);
  });

  it('are there before the first request after ready()', async () => {
    const manager = managerOf();
    await manager.ready();
    expect(provider.fetches).to.equal(1);
    await manager.verify(provider.token());
    expect(provider.fetches).to.equal(1);
  });

  it('have ready() reject with 503 while the issuer is down', async () => {
    provider.stop();
    expect(await codeOf(managerOf().ready())).to.equal('service_unavailable');
  });

  const lifetimes: Record<string, [cacheControl: string | undefined, seconds: number]> = {
    'as long as max-age says': ['public, max-age=300', 300],
    'a minute for a shorter max-age': ['max-age=1', MINUTE],
    'a minute for no-store': ['no-store', MINUTE],
    'a day for a longer max-age': ['max-age=31536000', 24 * 60 * MINUTE],
    'ten minutes without a header': [undefined, 10 * MINUTE],
  };

  for (const [name, [cacheControl, seconds]] of Object.entries(lifetimes))
    it(`are kept ${name}`, async () => {
      provider.cacheControl = cacheControl;
      const manager = managerOf({ jwksUri: provider.jwksUri });
      await manager.verify(provider.token());
      clock.advance(seconds * 0.79);
      await manager.verify(provider.token());
      expect(provider.fetches).to.equal(1);
      clock.advance(seconds * 0.22);
      await manager.verify(provider.token());
      expect(provider.fetches).to.equal(2);
    });

  it('are renewed in the background before they are too old, while requests are answered', async () => {
    provider.cacheControl = 'max-age=100';
    const manager = managerOf({ jwksUri: provider.jwksUri });
    await manager.verify(provider.token());
    clock.advance(90);
    let answered = 0;
    provider.answer = (_, response) => {
      answered++;
      void response; // never answers
    };
    await manager.verify(provider.token());
    await manager.verify(provider.token());
    for (let turns = 0; answered === 0 && turns < 1000; turns++) await new Promise(setImmediate);
    expect(answered).to.equal(1);
  });

  it('are looked at again, at once, for a key that is new', async () => {
    const manager = managerOf();
    await manager.verify(provider.token());
    provider.keys = [{ kid: 'second', pair: otherRsa() }, ...provider.keys];
    await manager.verify(provider.token());
    expect(provider.fetches).to.equal(2);
  });

  it('are looked at again for a key without a name', async () => {
    provider.keys = [{ pair: rsa() }];
    const manager = managerOf();
    await manager.verify(provider.token());
    provider.keys = [{ pair: otherRsa() }];
    await manager.verify(provider.token());
  });

  it('are fetched once more, and no more, for a thousand made-up keys within 30 seconds', async () => {
    const manager = managerOf();
    await manager.verify(provider.token());
    const made = Array.from({ length: 1000 }, (_, n) => provider.token({ header: { kid: `made-up ${n}` } }));
    for (const token of made) expect(await codeOf(manager.verify(token))).to.equal('kid');
    expect(provider.fetches).to.equal(2);
    clock.advance(30);
    await Promise.all(made.map((token) => codeOf(manager.verify(token))));
    expect(provider.fetches).to.equal(3);
  });

  it('are fetched once, and no more, for made-up keys while the issuer fails', async () => {
    const manager = managerOf();
    await manager.verify(provider.token());
    provider.answer = (_, response) => void response.writeHead(500).end();
    for (let n = 0; n < 100; n++) await codeOf(manager.verify(provider.token({ header: { kid: `made-up ${n}` } })));
    expect(provider.fetches).to.equal(2);
    await manager.verify(provider.token());
  });

  it('are gone after their age when the issuer has removed them', async () => {
    provider.cacheControl = 'max-age=300';
    const manager = managerOf({}, { verifiedTokenCache: {} });
    const token = provider.token();
    await manager.verify(token);
    provider.keys = [{ kid: 'second', pair: otherRsa() }];
    clock.advance(301);
    expect(await codeOf(manager.verify(token))).to.equal('kid');
  });

  it('end a remembered token when they are gone before its age', async () => {
    const manager = managerOf({}, { verifiedTokenCache: {} });
    const token = provider.token();
    await manager.verify(token);
    provider.keys = [{ kid: 'second', pair: otherRsa() }];
    await manager.verify(provider.token());
    expect(await codeOf(manager.verify(token))).to.equal('kid');
  });

  it('verify a remembered token once', async () => {
    const manager = managerOf({}, { verifiedTokenCache: {} });
    const token = provider.token();
    expect(await manager.verify(token)).to.equal(await manager.verify(token));
  });

  const failures: Record<string, RequestListener> = {
    'an error of the server': (_, response) => response.writeHead(500).end('{"keys":[]}'),
    'an answer that is not found': (_, response) => response.writeHead(404).end('{}'),
    'a redirect': (_, response) => response.writeHead(302, { Location: '/keys?moved' }).end(),
    'an answer that is too large': (_, response) =>
      response.end(JSON.stringify({ keys: provider.keys.map(toJwk), padding: 'x'.repeat(1e6) })),
    'an answer that is no JSON': (_, response) => response.end('<html>'),
    'an empty answer': (_, response) => response.end(),
    'a set without keys': (_, response) => response.end('{"keys":[]}'),
    'a set that is no set': (_, response) => response.end('{"keys":{}}'),
    'a connection that is cut': (_, response) => response.destroy(),
    'an answer that never comes': () => undefined,
    'an answer that never ends': (_, response) => void response.write('{"keys":['),
  };

  for (const [name, answer] of Object.entries(failures)) {
    it(`stay in use after ${name}`, async () => {
      provider.cacheControl = 'max-age=300';
      const manager = managerOf({ jwksUri: provider.jwksUri, timeout: '500ms' });
      await manager.verify(provider.token());
      provider.answer = answer;
      clock.advance(1000);
      await manager.verify(provider.token());
      expect(provider.fetches).to.equal(2);
    });

    it(`are unavailable, until the issuer answers, if the first answer is ${name}`, async () => {
      const manager = managerOf({ jwksUri: provider.jwksUri, timeout: '500ms' });
      provider.answer = answer;
      expect(await codeOf(manager.verify(provider.token()))).to.equal('service_unavailable');
      provider.answer = undefined;
      await manager.verify(provider.token());
    });
  }

  it('are asked for once a second after five failures in a row', async () => {
    const manager = managerOf({ jwksUri: provider.jwksUri });
    provider.answer = (_, response) => void response.writeHead(503).end();
    for (let n = 0; n < 20; n++) expect(await codeOf(manager.verify(provider.token()))).to.equal('service_unavailable');
    expect(provider.fetches).to.equal(5);
    clock.advance(1);
    await codeOf(manager.verify(provider.token()));
    expect(provider.fetches).to.equal(6);
  });

  it('are never asked for by a clock that gives no time', async () => {
    const manager = managerOf({}, { clock: () => Number.NaN });
    expect(await codeOf(manager.verify(provider.token()))).to.match(/^clock/);
    expect(provider.requests).to.deep.equal([]);
  });

  const skipped: Record<string, [key: ProviderKey, algorithm: string]> = {
    'a key for encryption': [{ kid: 'other', use: 'enc', pair: rsa() }, 'RS256'],
    'a key of another algorithm': [{ kid: 'other', alg: 'RS512', pair: rsa() }, 'RS512'],
    'a key whose own algorithm is another': [{ kid: 'other', alg: 'PS256', pair: rsa() }, 'RS256'],
    'a key of another curve': [{ kid: 'other', pair: p384() }, 'ES384'],
    'a weak RSA key': [{ kid: 'other', pair: weakRsa() }, 'RS256'],
  };

  for (const [name, [key, algorithm]] of Object.entries(skipped))
    it(`do not include ${name}`, async () => {
      provider.keys = [...provider.keys, key];
      const manager = managerOf();
      expect(await codeOf(manager.verify(provider.token({ key, algorithm })))).to.be.oneOf(['kid', 'algorithm']);
      await manager.verify(provider.token());
    });

  it('do not include a key whose private part is in the set', async () => {
    const leaked = { ...rsa().privateKey.export({ format: 'jwk' }), kid: 'leaked' };
    provider.answer = (_, response) => response.end(JSON.stringify({ keys: [leaked] }));
    expect(await codeOf(managerOf({ jwksUri: provider.jwksUri }).verify(provider.token()))).to.equal(
      'service_unavailable',
    );
  });

  it('do not include what is no key', async () => {
    const keys = [null, 7, 'x', [], { kty: 'RSA' }, { kty: 'oct', k: 'AAAA' }, { kid: 7, ...rsaPss }];
    provider.answer = (_, response) => response.end(JSON.stringify({ keys: [...keys, ...provider.keys.map(toJwk)] }));
    await managerOf({ jwksUri: provider.jwksUri }).verify(provider.token());
  });

  const accepted: Record<string, ProviderKey> = {
    RS256: { kid: 'k', pair: rsa() },
    PS256: { kid: 'k', alg: 'PS256', pair: rsa() },
    ES256: { kid: 'k', pair: p256() },
    EdDSA: { kid: 'k', pair: ed25519() },
  };

  for (const [algorithm, key] of Object.entries(accepted))
    it(`verify ${algorithm}`, async () => {
      provider.keys = [key];
      await managerOf().verify(provider.token({ algorithm }));
    });

  it('never verify two algorithms with one key', async () => {
    expect(await codeOf(managerOf().verify(provider.token({ algorithm: 'PS256' })))).to.equal('kid');
  });

  it('never verify an HMAC made with the public key', async () => {
    const pem = rsa().publicKey.export({ type: 'spki', format: 'pem' }) as string;
    const token = forge({
      header: { alg: 'HS256', typ: 'JWT', kid: 'first' },
      payload: { iss: provider.issuer, aud: 'api', sub: 'ada@example.com', exp: 4e9 },
      key: pem,
    });
    expect(await codeOf(managerOf().verify(token))).to.equal('algorithm');
    expect(provider.requests).to.deep.equal([]);
  });
});
