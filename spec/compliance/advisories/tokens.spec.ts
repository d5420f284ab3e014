import { expect } from 'chai';
import { ConfigurationError } from '../../../src/errors/configuration-error';
import { SECRET } from '../../support/accounts';
import { GuardedRoute } from '../../support/guarded-route';
import { bearer, cookie } from '../../support/http';
import { onEachServer } from '../../support/servers';
import { encode, forge, signatureOf } from '../../support/tokens';
import { areRefused, CLAIMS, managerWith } from './attacks';

const ISSUER = 'https://issuer.example';

const tokenWith = (claims: object) => forge({ payload: { ...CLAIMS, ...claims } });
const headed = (header: object) => forge({ header: { alg: 'HS256', typ: 'JWT', ...header }, payload: CLAIMS });
const good = () => forge({ payload: CLAIMS });

/** A token of these parts with a signature that is right for them, as they are written. */
function signedAsWritten(header: string, payload: string): string {
  return `${header}.${payload}.${signatureOf(`${header}.${payload}`, SECRET, 'HS256')}`;
}

describe('published advisories about tokens', () => {
  describe('CVE-2026-35042, CVE-2026-32597: tokens with critical extensions', () => {
    areRefused({
      manager: () => managerWith(SECRET),
      good,
      bad: () => ({
        'an unknown one': headed({ crit: ['exp-window'], 'exp-window': 1 }),
        'one that is not in the header': headed({ crit: ['exp-window'] }),
        'a registered one': headed({ crit: ['exp'], exp: 1 }),
        'an unencoded payload': headed({ crit: ['b64'], b64: true }),
        none: headed({ crit: [] }),
        null: headed({ crit: null }),
        'a text': headed({ crit: 'exp' }),
        'b64 false': headed({ b64: false }),
      }),
    });
  });

  describe('fast-jwt#606, fast-jwt#639: tokens in lax base64url, or whose payload is no object', () => {
    const [header = '', payload = ''] = good().split('.');

    areRefused({
      manager: () => managerWith(SECRET),
      good,
      bad: () => ({
        'a list as payload': forge({ payload: [CLAIMS] }),
        'a list with claims': forge({ payload: '[{"sub":"ada@example.com"},{"exp":4102444800}]' }),
        'a text as payload': forge({ payload: '"ada@example.com"' }),
        'a number as payload': forge({ payload: '4102444800' }),
        'null as payload': forge({ payload: 'null' }),
        'a list as header': signedAsWritten(encode('[{"alg":"HS256"}]'), payload),
        'stray bits in the payload': signedAsWritten(
          header,
          `${encode('{"sub":"ada@example.com","exp":41024448000}').slice(0, -1)}R`,
        ),
        'a character that is none of base64url': signedAsWritten(header, `${payload}!`),
        'plain base64': signedAsWritten(header, payload.replace(/.$/, '+')),
      }),
    });
  });

  describe('fast-jwt#640: times that are no numbers', () => {
    areRefused({
      manager: () => managerWith(SECRET),
      good,
      bad: () => ({
        'exp a text': tokenWith({ exp: '4102444800' }),
        'exp a list': tokenWith({ exp: [4102444800] }),
        'exp true': tokenWith({ exp: true }),
        'exp null': tokenWith({ exp: null }),
        'exp infinite': forge({ payload: '{"sub":"ada@example.com","exp":1e999}' }),
        'nbf a text': tokenWith({ nbf: 'now' }),
        'nbf infinite': forge({ payload: '{"sub":"ada@example.com","exp":4102444800,"nbf":-1e999}' }),
        'iat a text': tokenWith({ iat: '0' }),
      }),
    });

    for (const options of [
      { clockTolerance: Number.NaN },
      { clockTolerance: '5' as never },
      { maxTokenAge: Number.NaN },
    ]) {
      it(`cannot be configured either: ${JSON.stringify(Object.entries(options).map(([name, value]) => `${name} ${value}`))}`, () => {
        expect(() => managerWith(SECRET, options)).to.throw(ConfigurationError);
      });
    }
  });

  describe('CVE-2025-30144, CVE-2024-53861: tokens of an issuer that is only like ours', () => {
    areRefused({
      manager: () => managerWith(SECRET, { issuer: ISSUER }),
      good: () => tokenWith({ iss: ISSUER }),
      bad: () => ({
        'a list': tokenWith({ iss: [ISSUER] }),
        'a list of several': tokenWith({ iss: ['https://evil.example', ISSUER] }),
        'an object': tokenWith({ iss: { [ISSUER]: ISSUER } }),
        'the beginning of it': tokenWith({ iss: ISSUER.slice(0, -1) }),
        'the end of it': tokenWith({ iss: 'issuer.example' }),
        'one letter': tokenWith({ iss: 'h' }),
        'an empty one': tokenWith({ iss: '' }),
        'a longer one': tokenWith({ iss: `${ISSUER}.evil.example` }),
        'a trailing slash': tokenWith({ iss: `${ISSUER}/` }),
        'upper case': tokenWith({ iss: ISSUER.toUpperCase() }),
        none: tokenWith({}),
      }),
    });
  });

  describe('CVE-2025-62610: tokens for another audience', () => {
    const audiences = {
      another: tokenWith({ aud: 'web' }),
      'several others': tokenWith({ aud: ['web', 'mobile'] }),
      'one that begins like ours': tokenWith({ aud: 'apis' }),
      'the beginning of ours': tokenWith({ aud: 'ap' }),
      'an empty list': tokenWith({ aud: [] }),
      'an object': tokenWith({ aud: { api: true } }),
      'a list in a list': tokenWith({ aud: [['api']] }),
    };

    describe('where the manager has a name', () => {
      areRefused({
        manager: () => managerWith(SECRET, { audience: 'api' }),
        good: () => tokenWith({ aud: ['web', 'api'] }),
        bad: () => ({ ...audiences, none: good() }),
      });
    });

    describe('where the manager has none', () => {
      areRefused({
        manager: () => managerWith(SECRET),
        good,
        bad: () => ({ ...audiences, ours: tokenWith({ aud: 'api' }), 'an empty one': tokenWith({ aud: '' }) }),
      });
    });
  });

  describe('express-jwt 8, onExpired: expired tokens, within the tolerance or not, that are not for us', () => {
    const exp = CLAIMS.exp - 70;

    areRefused({
      manager: () => managerWith(SECRET, { issuer: ISSUER, audience: 'api', clockTolerance: 30 }),
      good: () => tokenWith({ iss: ISSUER, aud: 'api', exp }),
      bad: () => ({
        'of another audience, within the tolerance': tokenWith({ iss: ISSUER, aud: 'web', exp }),
        'of another issuer, within the tolerance': tokenWith({ iss: 'https://evil.example', aud: 'api', exp }),
        'of another audience': tokenWith({ iss: ISSUER, aud: 'web', exp: exp - 600 }),
        'of another issuer': tokenWith({ iss: 'https://evil.example', aud: 'api', exp: exp - 600 }),
        'of another secret': forge({ payload: { ...CLAIMS, iss: ISSUER, aud: 'api', exp }, key: `${SECRET}.` }),
      }),
    });
  });

  describe('CVE-2026-35040, CVE-2026-35041: regular expressions with a state, or slow ones', () => {
    it('are no rules for tokens: an issuer and an audience are strings', () => {
      expect(() => managerWith(SECRET, { issuer: /^https/g as never })).to.throw(ConfigurationError);
      expect(() => managerWith(SECRET, { audience: /^api/g as never })).to.throw(ConfigurationError);
      expect(() => managerWith(SECRET, { trustedOrigins: [/^https/g as never] })).to.throw(ConfigurationError);
    });

    onEachServer((start) => {
      it('decide nothing: the same token gets the same answer each time', async () => {
        const manager = managerWith(SECRET, { issuer: ISSUER, audience: 'api', verifiedTokenCache: false });
        const { client } = await start({ manager, controllers: [GuardedRoute] });
        for (let times = 0; times < 6; times++) {
          const token = tokenWith({ iss: ISSUER, aud: 'api' });
          expect((await client.get('/me').set(bearer(token))).status).to.equal(200);
          expect((await client.get('/me').set(cookie(token))).status).to.equal(200);
        }
      });

      it('cost no time: long texts of every kind are answered in less than a second', async () => {
        const { client } = await start({
          manager: managerWith(SECRET, { trustedOrigins: ['https://*.example.com'] }),
          controllers: [GuardedRoute],
        });
        const long = 5000;
        const hostile: Record<string, string>[] = [
          bearer(headed({ typ: 'application/'.repeat(long / 12) })),
          bearer(headed({ kid: 'a'.repeat(long) })),
          bearer(tokenWith({ scope: `a${' '.repeat(long)}b` })),
          bearer(tokenWith({ aud: `a${'a'.repeat(long)}!` })),
          { Authorization: `Bearer${' '.repeat(long)}x` },
          { Authorization: `Bearer ${'='.repeat(long)}x` },
          { Authorization: `Basic ${'a '.repeat(long)}` },
          { Cookie: `${'access-token=; '.repeat(long / 15)}access-token=x` },
          { Cookie: 'access-token'.repeat(long / 12) },
          { ...cookie(good()), Origin: `https://${'a.'.repeat(long / 2)}example.org` },
          { ...cookie(good()), Origin: `https://${'-'.repeat(long)}.example.com!` },
        ];
        for (const headers of hostile) {
          const sentAt = performance.now();
          const { status } = await client.post('/me').set(headers);
          expect(status, JSON.stringify(headers).slice(0, 60)).to.be.oneOf([200, 401, 403]);
          expect(performance.now() - sentAt, JSON.stringify(headers).slice(0, 60)).to.be.below(1000);
        }
      });
    });
  });
});
