import { expect } from 'chai';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, SECRET } from '../support/accounts';
import { badTokens, clock } from '../support/bad-tokens';
import { guardedRoute } from '../support/guarded-route';
import { bearer, cookie } from '../support/http';
import { keysFor } from '../support/keys';
import { nameOf } from '../support/name-of';
import type { Framework } from '../support/servers';
import { encode, forge } from '../support/tokens';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const start = clock.now;
const NOW = start / 1000;

const managerWith = (options: LoginManagerOptions<Account> = {}, secret: LoginManagerSecret = SECRET) =>
  new LoginManager<Account>(secret, '/login', { userLoader: Accounts, useCookie: true, clock: clock.tell, ...options });
type LoginManagerSecret = ConstructorParameters<typeof LoginManager>[0];

/** The next character of the alphabet in the place of this one. */
function changedAt(token: string, index: number): string {
  const next = ALPHABET[(ALPHABET.indexOf(token[index] as string) + 1) % ALPHABET.length];
  return token.slice(0, index) + next + token.slice(index + 1);
}

const percentEncoded = (text: string) =>
  [...text].map((one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');

/** Other spellings of the same bytes. */
function spellingsOf(token: string): Record<string, string> {
  const parts = token.split('.') as [string, string, string];
  const last = ALPHABET.indexOf(token.at(-1) as string);
  return {
    'padded at its end': `${token}=`,
    'padded in its middle': `${parts[0]}=.${parts[1]}.${parts[2]}`,
    'in plain base64 with padding': parts.map((part) => Buffer.from(part, 'base64url').toString('base64')).join('.'),
    'with stray bits': token.slice(0, -1) + ALPHABET[last | 1],
    'with one percent-encoded character': `%${token.charCodeAt(0).toString(16)}${token.slice(1)}`,
    'percent-encoded altogether': percentEncoded(token),
    'with percent-encoded dots': token.replaceAll('.', '%2E'),
    'with a space in it': `${parts[0]} .${parts[1]}.${parts[2]}`,
    'in quotes': `"${token}"`,
    'in upper case': token.toUpperCase(),
    'twice over': `${token}.${token}`,
    'encoded again': encode(token),
  };
}

describe('with a warm cache', () => {
  for (const [framework, algorithm] of [
    ['Express 5', 'HS256'],
    ['Express 4', 'RS256'],
    ['Express 5', 'ES256'],
    ['Koa', 'HS256'],
  ] as const satisfies [Framework, string][]) {
    describe(`of ${algorithm} on ${framework}`, () => {
      const keys = keysFor(algorithm);
      const send = guardedRoute(() => managerWith({ algorithm }, keys.signing), framework);
      const token = forge({ payload: { sub: 'ada@example.com', exp: NOW + 60 }, key: keys.signing, algorithm });

      /** As a header and as a cookie; the token itself is let in before and afterwards. */
      async function expectRefused(twin: string, what: string): Promise<void> {
        expect(await send(token), 'the token itself').to.equal('let in');
        expect(await send(bearer(twin)), what).to.equal('401 token_invalid');
        expect(await send(cookie(twin)), `${what}, in a cookie`).to.match(/^401 token_(invalid|missing)$/);
        expect(await send(cookie(token)), 'the token itself, in a cookie').to.equal('let in');
      }

      it('refuses a token that differs in one character, whichever it is', async () => {
        const step = algorithm === 'RS256' ? 3 : 1; // a longer one
        for (let index = 0; index < token.length; index += step) {
          if (token[index] !== '.') await expectRefused(changedAt(token, index), `changed at ${index}`);
        }
        await expectRefused(changedAt(token, token.length - 1), 'changed at its end');
      }).timeout(60_000);

      it('refuses a token that was cut or prolonged', async () => {
        for (let length = 0; length < token.length; length += 7)
          await expectRefused(token.slice(0, length), `${length}`);
        await expectRefused(token.slice(0, -1), 'cut by one');
        await expectRefused(token.slice(1), 'without its first character');
        await expectRefused(`${token}A`, 'prolonged');
      }).timeout(60_000);

      for (const [what, twin] of Object.entries(spellingsOf(token))) {
        it(`refuses the token ${what}`, () => expectRefused(twin, what));
      }

      it('refuses another payload with the same signature, and the same payload without one', async () => {
        const [header, payload, signature] = token.split('.');
        const other = encode({ sub: 'bob@example.com', exp: NOW + 60 });
        await expectRefused(`${header}.${other}.${signature}`, 'another payload');
        await expectRefused(`${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`, 'no signature');
        await expectRefused(`${encode({ alg: 'none', typ: 'JWT' })}.${payload}.${signature}`, 'alg none');
      });
    });
  }

  describe('and time passing', () => {
    const send = guardedRoute(() => managerWith({ clockTolerance: 5 }));

    afterEach(() => {
      clock.now = start;
    });

    for (const [what, { token, code }] of Object.entries(badTokens)) {
      it(`refuses ${what}, again and again`, async () => {
        clock.advance(5); // what the tolerance allows
        for (let index = 0; index < 3; index++) {
          const verdict = await send(bearer(token));
          // With the tolerance this one is valid by now.
          expect(verdict).to.equal(what === 'a token that is not valid yet' ? verdict : `401 ${code}`);
        }
      });
    }

    it('refuses a token that it let in, once it has expired', async () => {
      const token = forge({ payload: { sub: 'ada@example.com', exp: NOW + 60 } });
      clock.advance(64.999);
      expect(await send(token)).to.equal('let in');
      clock.advance(0.001);
      expect(await send(token)).to.equal('401 token_expired');
      clock.advance(-0.001);
      expect(await send(token), 'the clock was set back').to.equal('let in');
    });
  });

  it('refuses a token that was taken back, at once', async () => {
    const manager = managerWith({ sessionStore: new MemorySessionStore() });
    const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
    expect(await manager.getCurrentUser(token)).to.include({ email: 'ada@example.com' });
    await manager.revoke(token);
    const [result] = await Promise.allSettled([manager.getCurrentUser(token)]);
    expect(result).to.have.nested.property('reason.code', 'token_revoked');
  });

  it('of one manager, another one verifies for itself', async () => {
    const token = managerWith().createAccessToken({ data: { sub: 'ada@example.com' } });
    await managerWith().getCurrentUser(token);
    const strict = managerWith({ audience: 'api' });
    const [ofAudience] = await Promise.allSettled([strict.getCurrentUser(token)]);
    expect(ofAudience).to.have.nested.property('reason.code', 'token_invalid');
    const rotated = managerWith({}, 'the new secret, of forty bytes or more..');
    const [ofKey] = await Promise.allSettled([rotated.getCurrentUser(token)]);
    expect(ofKey).to.have.nested.property('reason.code', 'token_invalid');
  });

  for (const limits of [
    { max: 0 },
    { max: 1.5 },
    { max: 1e9 },
    { maxAge: 0 },
    { maxAge: 'soon' },
    { ttl: 1 },
    true,
    null,
  ]) {
    it(`is refused with verifiedTokenCache ${nameOf(limits)}`, () => {
      expect(() => managerWith({ verifiedTokenCache: limits as never })).to.throw(/verifiedTokenCache/);
    });
  }
});
