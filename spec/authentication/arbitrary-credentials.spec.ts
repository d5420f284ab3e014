import { Agent, request, validateHeaderValue } from 'node:http';
import { expect } from 'chai';
import fc, { type Arbitrary } from 'fast-check';
import type { Algorithm } from '../../src/jwt/keys/algorithm';
import { LoginManager } from '../../src/manager/login-manager';
import { type Account, Accounts, tokenOf } from '../support/accounts';
import { GuardedRoute } from '../support/guarded-route';
import { keysFor } from '../support/keys';
import { closeServers, type Framework, starter } from '../support/servers';
import { encode, forge } from '../support/tokens';

type Headers = Record<string, string | string[]>;

/** Another text than the token, made of it. */
type Change = Arbitrary<(token: string) => string>;

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The last character of a base64url text with bits that belong to no byte. */
const withStrayBits = (last: string, bits: number) => ALPHABET[ALPHABET.indexOf(last) | bits] as string;

const base64url = fc.constantFrom(...ALPHABET);
const printable = fc.string({
  unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});
const headerText = fc.string({
  unit: fc
    .oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }), fc.constant(9))
    .map((code) => String.fromCharCode(code)),
  maxLength: 300,
});
const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const at = (token: string, place: number) => Math.floor(place * token.length);
const percentEncode = (text: string) =>
  [...text].map((one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`).join('');
const splice = (token: string, place: number, remove: number, insert: string) =>
  token.slice(0, at(token, place)) + insert + token.slice(at(token, place) + remove);

const mutations: Change[] = [
  fc.tuple(position, base64url).map(
    ([place, one]) =>
      (token: string) =>
        splice(token, place, 1, one),
  ),
  fc.tuple(position, printable, fc.nat(5)).map(
    ([place, text, remove]) =>
      (token: string) =>
        splice(token, place, remove, text),
  ),
  fc.tuple(position, fc.integer({ min: 1, max: 400 })).map(
    ([place, remove]) =>
      (token: string) =>
        splice(token, place, remove, ''),
  ),
  fc.tuple(position, position).map(
    ([one, other]) =>
      (token: string) =>
        token.slice(at(token, Math.min(one, other)), at(token, Math.max(one, other))),
  ),
  fc
    .shuffledSubarray([0, 1, 2], { minLength: 2 })
    .map((order) => (token: string) => order.map((index) => token.split('.')[index]).join('.')),
  fc.constantFrom('toUpperCase' as const, 'toLowerCase' as const).map((change) => (token: string) => token[change]()),
];

const encodings: Change[] = [
  fc.constant((token: string) =>
    token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('base64'))
      .join('.'),
  ),
  fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 3 })).map(
    ([index, count]) =>
      (token: string) =>
        token
          .split('.')
          .map((part, i) => (i === index ? part + '='.repeat(count) : part))
          .join('.'),
  ),
  fc.tuple(position, fc.integer({ min: 1, max: 400 })).map(
    ([place, length]) =>
      (token: string) =>
        splice(token, place, length, percentEncode(token.slice(at(token, place), at(token, place) + length))),
  ),
  fc.constant((token: string) => token.replaceAll('.', '%2E')),
  fc
    .integer({ min: 1, max: 15 })
    .map((bits) => (token: string) => token.slice(0, -1) + withStrayBits(token.at(-1) as string, bits)),
  fc
    .tuple(
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.constantFrom(' ', '\t', '  ', '\u00a0', '%20', '+', '%00', '%0a'),
    )
    .map(
      ([place, space]) =>
        (token: string) =>
          splice(token, place, 0, space),
    ),
  fc
    .constantFrom('"', "'", '<', '\\', '%22', ',', '\u00a0', '\u00ff')
    .map((quote) => (token: string) => `${quote}${token}${quote}`),
  fc.constant((token: string) => JSON.stringify({ token })),
  fc.constant((token: string) => Buffer.from(token).toString('base64')),
  fc.constant((token: string) => encode(token)),
  fc
    .constantFrom('j:', 's:', 'Bearer ', 'JWT ', '__proto__', 'data:')
    .map((prefix) => (token: string) => prefix + token),
];

const jsonTokens = fc
  .tuple(fc.jsonValue(), fc.jsonValue(), fc.constantFrom('', 'AAAA', 'x'.repeat(43)))
  .map(
    ([header, payload, signature]) =>
      `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}.${signature}`,
  );
const strangersTokens = fc
  .record({
    alg: fc.constantFrom('HS256', 'HS512', 'none', 'RS256'),
    sub: fc.constantFrom('ada@example.com', 'bob@example.com'),
  })
  .map(({ alg, sub }) =>
    forge({ header: { alg, typ: 'JWT' }, payload: { sub, exp: 4e9 }, key: 'the secret of somebody else, long enough' }),
  );

const usable = (text: string): boolean => {
  try {
    validateHeaderValue('x', text);
    return true;
  } catch {
    return false;
  }
};

describe('an arbitrary credential', () => {
  // ES256 too, whose signatures are decoded before they are compared, so that a lenient decoder would show.
  // With a warm cache the token that others are made of is remembered.
  for (const [framework, algorithm, cache] of [
    ['Express 5', 'HS256', 'warm'],
    ['Express 5', 'ES256', 'warm'],
    ['Express 5', 'ES256', 'no'],
    ['Koa', 'ES256', 'warm'],
  ] as const satisfies [Framework, Algorithm, string][]) {
    describe(`on ${framework}, with ${algorithm} and ${cache} cache`, () => {
      const options = {
        algorithm,
        userLoader: Accounts,
        useCookie: true,
        ...(cache === 'no' && { verifiedTokenCache: false as const }),
      };
      const manager = new LoginManager<Account>(keysFor(algorithm).signing, '/login', options);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const token = tokenOf(manager);
      let url: string;

      before(async () => {
        ({ url } = await starter(framework)({ manager, controllers: [GuardedRoute] }));
        await send({ Authorization: `Bearer ${token}` });
      });

      after(() => {
        agent.destroy();
        closeServers();
      });

      function send(headers: Headers): Promise<{ status?: number; body: string }> {
        return new Promise((resolve, reject) => {
          const sent = request(`${url}/me`, { agent, headers }, (response) => {
            let body = '';
            response.setEncoding('utf8').on('data', (chunk) => {
              body += chunk;
            });
            response.on('end', () => resolve({ status: response.statusCode, body }));
          });
          sent.on('error', reject).end();
        });
      }

      /** Sends each as a header and as a cookie. */
      async function expectRefused(text: string): Promise<void> {
        await expect401({ Authorization: `Bearer ${text}` });
        await expect401({ Cookie: `access-token=${text}` });
      }

      async function expect401(headers: Headers): Promise<void> {
        const { status, body } = await send(headers);
        expect(status, JSON.stringify(headers)).to.equal(401);
        expect(JSON.parse(body).code, JSON.stringify(headers)).to.be.oneOf(['token_missing', 'token_invalid']);
      }

      const always = <T extends [unknown, ...unknown[]]>(property: fc.IAsyncPropertyWithHooks<T>, numRuns = 100) =>
        fc.assert(property, { numRuns });

      it('would be let in as the token it is made of', async () => {
        expect((await send({ Authorization: `Bearer ${token}` })).status).to.equal(200);
        expect((await send({ Cookie: `access-token=${token}` })).status).to.equal(200);
      });

      it('is refused as a token that was changed or cut', async () => {
        await always(
          fc.asyncProperty(fc.oneof(...mutations), async (mutate) => {
            const changed = mutate(token);
            fc.pre(changed.trim() !== token && !changed.includes(';'));
            await expectRefused(changed);
          }),
          200,
        );
      });

      it('is refused as a token cut anywhere', async () => {
        for (let length = 0; length < token.length; length += 3) await expectRefused(token.slice(0, length));
      });

      it('is refused as a token that was encoded otherwise', async () => {
        await always(
          fc.asyncProperty(fc.oneof(...encodings), async (encodeAgain) => {
            const encoded = encodeAgain(token);
            fc.pre(encoded !== token);
            await expectRefused(encoded);
          }),
        );
      });

      it('is refused as a token that nobody signed', async () => {
        await always(fc.asyncProperty(fc.oneof(jsonTokens, strangersTokens), expectRefused));
      });

      it('is refused as an Authorization header of any text', async () => {
        const schemes = fc.constantFrom('', 'Bearer', 'bearer ', 'Basic ', 'Digest ', 'Bearer  ', 'Bearer=', 'Bearer,');
        await always(
          fc.asyncProperty(schemes, headerText.filter(usable), async (scheme, text) => {
            await expect401({ Authorization: scheme + text });
          }),
        );
      });

      it('is refused as a Cookie header of any text', async () => {
        const prefixes = fc.constantFrom(
          '',
          'access-token',
          'access-token=',
          'access-token="',
          'a=b; access-token=',
          '; ;=; access-token=',
          '__proto__=1; access-token=',
        );
        await always(
          fc.asyncProperty(prefixes, headerText.filter(usable), async (prefix, text) => {
            await expect401({ Cookie: prefix + text });
          }),
        );
      });

      it('is refused as a cookie of a similar name', async () => {
        const names = [
          'access-token ;x',
          'Access-Token',
          'ACCESS-TOKEN',
          'access_token',
          'access%2Dtoken',
          'xaccess-token',
          'access-token[]',
          '$access-token',
          '"access-token"',
          '__proto__',
          '__proto__[access-token]',
          'constructor',
          '__Host-access-token',
          '',
        ];
        for (const name of names) await expect401({ Cookie: `${name}=${token}` });
      });

      it('is refused as one of two cookies of the same name that differ', async () => {
        await always(
          fc.asyncProperty(
            printable.filter((text) => !text.includes(';') && text.trim() !== token),
            fc.boolean(),
            async (other, first) => {
              const pair = [`access-token=${token}`, `access-token=${other}`];
              await expect401({ Cookie: (first ? pair : pair.reverse()).join('; ') });
            },
          ),
          50,
        );
      });

      it('does not hide a good cookie beside others of other names', async () => {
        await always(
          fc.asyncProperty(printable, async (text) => {
            fc.pre(!/^\s*access-token\s*=/.test(text) && !/;\s*access-token\s*=/.test(text));
            expect((await send({ Cookie: `${text}; access-token=${token}; __proto__=1` })).status, text).to.equal(200);
          }),
          50,
        );
      });
    });
  }
});
