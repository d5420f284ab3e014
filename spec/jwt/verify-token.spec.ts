import { createSecretKey, sign as signBytes } from 'node:crypto';
import { expect } from 'chai';
import { LoginManager } from '../../src/login-manager';
import type { LoginManagerOptions } from '../../src/options';
import { type Account, Accounts, managerOf, SECRET, tokenOf } from '../support/accounts';
import { TestClock } from '../support/clock';
import { guardedRoute, type Verdict } from '../support/guarded-route';
import { otherRsa, p256, pem, rsa } from '../support/keys';
import { encode, forge, headerOf, type Json, signatureOf } from '../support/tokens';

const clock = new TestClock();
const NOW = clock.now / 1000;
const CLAIMS = { sub: 'ada@example.com', exp: NOW + 60 };
const REFUSED = '401 token_invalid';

type Cache = Pick<LoginManagerOptions<Account>, 'verifiedTokenCache'>;

/** The same specs, with and without a cache; with one, each token is sent twice, so that the second finds it warm. */
const verification = (cache: Cache) => () => {
  const managerAt = (options: LoginManagerOptions<Account> = {}) =>
    managerOf({ clock: clock.tell, ...cache, ...options });

  const verdictOf = (manager: () => LoginManager<Account>) => {
    const send = guardedRoute(manager);
    return async (token: string): Promise<Verdict> => {
      const verdict = await send(token);
      if (cache.verifiedTokenCache !== false) expect(await send(token), 'the second time').to.equal(verdict);
      return verdict;
    };
  };

  afterEach(() => {
    clock.now = NOW * 1000;
  });

  describe('of its form', () => {
    const send = verdictOf(managerAt);
    const good = forge({ payload: CLAIMS });
    const [header, payload, signature] = good.split('.') as [string, string, string];

    it('takes three parts of base64url', async () => {
      expect(await send(good)).to.equal('let in');
    });

    const malformed = {
      'one part': header,
      'two parts': `${header}.${payload}`,
      'four parts': `${good}.${signature}`,
      'a trailing dot': `${good}.`,
      'an empty header': `.${payload}.${signature}`,
      'an empty payload': `${header}..${signature}`,
      'an empty signature': `${header}.${payload}.`,
      'only dots': '..',
      'padding after the signature': `${good}=`,
      'padding after the payload': `${header}.${payload}=.${signature}`,
      'white space between the parts': `${header} .${payload}.${signature}`,
      'a signature that is cut short': good.slice(0, -1),
      'a byte too many in the signature': `${header}.${payload}.${encode(Buffer.concat([Buffer.from(signature, 'base64url'), Buffer.from('x')]))}`,
      'another character of base64': `${header}.${payload}.${signature.slice(0, -1)}!`,
      'the signature of another token': `${header}.${payload}.${forge({ payload: { ...CLAIMS, sub: 'bob@example.com' } }).split('.')[2]}`,
      'a header that is no JSON': forge({ header: 'alg=HS256', payload: CLAIMS }),
      'a header that is a list': forge({ header: [{ alg: 'HS256' }], payload: CLAIMS }),
      'a header that is null': forge({ header: 'null', payload: CLAIMS }),
      'a header that is text': forge({ header: '"HS256"', payload: CLAIMS }),
      'a header that is a number': forge({ header: '256', payload: CLAIMS }),
    };

    for (const [what, token] of Object.entries(malformed)) {
      it(`refuses ${what}`, async () => {
        expect(await send(token)).to.equal(REFUSED);
      });
    }

    it('refuses the alphabet of plain base64', async () => {
      const tricky = forge({ payload: { ...CLAIMS, note: '>>>???>>>???' } });
      expect(tricky).to.match(/[-_]/);
      expect(await send(tricky)).to.equal('let in');
      expect(await send(tricky.replaceAll('-', '+').replaceAll('_', '/'))).to.equal(REFUSED);
    });

    it('refuses other spellings of the header and the payload, though they are signed', async () => {
      const spellings = [
        [`${encode('{"alg":"HS256"}')}=`, encode(CLAIMS)],
        [
          encode('{"alg":"HS256" }').replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)),
          encode(CLAIMS),
        ],
        [encode({ alg: 'HS256' }), `${encode(CLAIMS).slice(0, 8)} ${encode(CLAIMS).slice(8)}`],
        [encode({ alg: 'HS256' }), Buffer.from(JSON.stringify({ ...CLAIMS, note: '>>>???' })).toString('base64')],
      ];
      for (const parts of spellings) {
        const text = parts.join('.');
        expect(JSON.parse(Buffer.from(parts[0] as string, 'base64url').toString()).alg, 'readable').to.equal('HS256');
        expect(await send(`${text}.${signatureOf(text, SECRET, 'HS256')}`), text).to.equal(REFUSED);
      }
    });

    it('refuses stray bits in the last character', async () => {
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = alphabet.indexOf(good.at(-1) as string);
      const twins = [1, 2, 3].map((bits) => good.slice(0, -1) + alphabet[last | bits]);
      for (const twin of twins) {
        expect(Buffer.from(twin.split('.')[2] as string, 'base64url').toString('base64url'), 'the same bytes').to.equal(
          signature,
        );
        expect(await send(twin)).to.equal(REFUSED);
      }
    });

    const payloads: Record<string, Json> = {
      'a list': [CLAIMS],
      text: '"ada@example.com"',
      'a number': '42',
      null: 'null',
      true: 'true',
      'no JSON': 'sub=ada',
      'JSON cut short': '{"sub":"ada@example.com"',
    };

    for (const [what, claims] of Object.entries(payloads)) {
      it(`refuses a payload that is ${what}, though it is signed`, async () => {
        expect(await send(forge({ payload: claims }))).to.equal(REFUSED);
        expect(await send(forge({ header: { alg: 'HS256' }, payload: claims })), 'without typ').to.equal(REFUSED);
      });
    }

    it('takes 8 KiB of token and no more', async () => {
      const ofLength = (length: number): string => {
        const tokens = [0, 1, 2, 3].map((extra) =>
          forge({ payload: { ...CLAIMS, pad: 'x'.repeat(Math.floor((length - 200) * 0.75) + extra) } }),
        );
        const filler = tokens.find((token) => token.length <= length) as string;
        const missing = length - filler.length;
        return forge({
          payload: { ...CLAIMS, pad: 'x'.repeat(Math.floor((length - 200) * 0.75) + Math.floor(missing * 0.75)) },
        });
      };
      const largest = ofLength(8192);
      expect(largest.length).to.be.within(8189, 8192);
      expect(await send(largest)).to.equal('let in');
      const tooLarge = ofLength(8196);
      expect(tooLarge.length).to.be.within(8193, 8196);
      expect(await send(tooLarge)).to.equal(REFUSED);
    });
  });

  describe('of its header', () => {
    const send = verdictOf(managerAt);

    for (const alg of [
      'HS384',
      'hs256',
      'HS256 ',
      'RS256',
      'none',
      'None',
      'NONE',
      '',
      null,
      undefined,
      ['HS256'],
      { alg: 'HS256' },
      256,
    ]) {
      it(`refuses the algorithm ${JSON.stringify(alg)}, whatever the signature`, async () => {
        expect(await send(forge({ header: { typ: 'JWT', alg }, payload: CLAIMS }))).to.equal(REFUSED);
      });
    }

    it('refuses a token without a signature that says so', async () => {
      expect(await send(`${encode({ alg: 'none' })}.${encode(CLAIMS)}.`)).to.equal(REFUSED);
      expect(await send(`${encode({ alg: 'none' })}.${encode(CLAIMS)}`)).to.equal(REFUSED);
    });

    it('refuses a token that was really signed with another hash', async () => {
      const token = forge({ payload: CLAIMS, algorithm: 'HS512' });
      expect(headerOf(token).alg).to.equal('HS512');
      expect(await send(token)).to.equal(REFUSED);
      expect(await send(forge({ header: { alg: 'HS256' }, payload: CLAIMS, algorithm: 'HS512' }))).to.equal(REFUSED);
    });

    for (const typ of [undefined, 'JWT', 'jwt', 'Jwt', 'at+jwt', 'AT+JWT', 'at+JWT']) {
      it(`takes the type ${typ ?? 'that is left out'}`, async () => {
        expect(await send(forge({ header: { alg: 'HS256', typ }, payload: CLAIMS }))).to.equal('let in');
      });
    }

    for (const typ of [
      'refresh+jwt',
      'dpop+jwt',
      'logout+jwt',
      'secevent+jwt',
      'JOSE',
      'application/at+jwt',
      ' JWT',
      '',
      null,
      ['JWT'],
      1,
    ]) {
      it(`refuses the type ${JSON.stringify(typ)}`, async () => {
        expect(await send(forge({ header: { alg: 'HS256', typ }, payload: CLAIMS }))).to.equal(REFUSED);
      });
    }

    for (const crit of [['exp'], ['b64'], ['http://example.com/x'], [], '', null]) {
      it(`refuses crit ${JSON.stringify(crit)}: it understands no extension`, async () => {
        expect(await send(forge({ header: { alg: 'HS256', crit, exp: 1, b64: true }, payload: CLAIMS }))).to.equal(
          REFUSED,
        );
      });
    }

    for (const b64 of [false, 'false', 0, null]) {
      it(`refuses b64 ${JSON.stringify(b64)}`, async () => {
        expect(await send(forge({ header: { alg: 'HS256', b64 }, payload: CLAIMS }))).to.equal(REFUSED);
      });
    }

    it('never reads a key from the header', async () => {
      const intruder = 'the secret of somebody else, long enough';
      const k = Buffer.from(intruder).toString('base64url');
      const ways = [
        { jwk: { kty: 'oct', k } },
        { jku: 'http://127.0.0.1:1/keys.json' },
        { x5u: 'http://127.0.0.1:1/certificate.pem' },
        { x5c: [k] },
        { jwk: { kty: 'oct', k }, kid: 'mine' },
      ];
      for (const way of ways)
        expect(await send(forge({ header: { alg: 'HS256', ...way }, payload: CLAIMS, key: intruder }))).to.equal(
          REFUSED,
        );
    });

    it('does not mind a key in the header of a token that is signed with its own', async () => {
      expect(
        await send(forge({ header: { alg: 'HS256', jku: 'http://127.0.0.1:1/keys.json' }, payload: CLAIMS })),
      ).to.equal('let in');
    });

    for (const kid of ['unknown', '', 0, null, ['a'], '__proto__', '../../etc/passwd', "' OR 1=1 --"]) {
      it(`refuses the key name ${JSON.stringify(kid)}: no key is called so`, async () => {
        expect(await send(forge({ header: { alg: 'HS256', kid }, payload: CLAIMS }))).to.equal(REFUSED);
      });
    }
  });

  describe('with an RSA key', () => {
    const send = verdictOf(
      () =>
        new LoginManager<Account>(pem(rsa().privateKey), '/login', {
          algorithm: 'RS256',
          userLoader: Accounts,
          clock: clock.tell,
          ...cache,
        }),
    );

    it('takes what the private key signed', async () => {
      expect(await send(forge({ payload: CLAIMS, key: rsa().privateKey, algorithm: 'RS256' }))).to.equal('let in');
    });

    it('refuses HS256 with the public key as the secret', async () => {
      const spellings = [
        pem(rsa().publicKey),
        pem(rsa().publicKey).trim(),
        pem(rsa().publicKey, 'pkcs1'),
        JSON.stringify(rsa().publicKey.export({ format: 'jwk' })),
      ];
      for (const key of spellings) {
        expect(await send(forge({ payload: CLAIMS, key, algorithm: 'HS256' }))).to.equal(REFUSED);
        expect(
          await send(forge({ header: { alg: 'RS256', typ: 'JWT' }, payload: CLAIMS, key, algorithm: 'HS256' })),
        ).to.equal(REFUSED);
      }
    });

    it('refuses its own key with another padding or hash', async () => {
      for (const algorithm of ['PS256', 'RS384', 'RS512']) {
        expect(await send(forge({ payload: CLAIMS, key: rsa().privateKey, algorithm })), algorithm).to.equal(REFUSED);
        expect(
          await send(forge({ header: { alg: 'RS256' }, payload: CLAIMS, key: rsa().privateKey, algorithm })),
          algorithm,
        ).to.equal(REFUSED);
      }
    });

    it('refuses another key, in the header or not', async () => {
      const jwk = otherRsa().publicKey.export({ format: 'jwk' });
      for (const header of [{ alg: 'RS256' }, { alg: 'RS256', jwk }, { alg: 'RS256', jwk, kid: 'theirs' }]) {
        expect(await send(forge({ header, payload: CLAIMS, key: otherRsa().privateKey, algorithm: 'RS256' }))).to.equal(
          REFUSED,
        );
      }
    });
  });

  describe('with an EC key', () => {
    const send = verdictOf(
      () =>
        new LoginManager<Account>(pem(p256().privateKey), '/login', {
          algorithm: 'ES256',
          userLoader: Accounts,
          clock: clock.tell,
          ...cache,
        }),
    );
    const input = () => `${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(CLAIMS)}`;

    it('takes what the private key signed', async () => {
      expect(await send(`${input()}.${signatureOf(input(), p256().privateKey, 'ES256')}`)).to.equal('let in');
    });

    // An HMAC is compared as text; a signature is decoded first, and node:crypto decodes leniently.
    it('refuses every other spelling of its signature', async () => {
      const signature = signatureOf(input(), p256().privateKey, 'ES256');
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      const last = alphabet.indexOf(signature.at(-1) as string);
      const spellings = [
        `${signature}=`,
        `${signature}==`,
        signature.slice(0, -1) + alphabet[last | 1],
        signature.slice(0, -1) + alphabet[last | 15],
        `${signature.slice(0, 40)} ${signature.slice(40)}`,
        `${signature.slice(0, 40)}!${signature.slice(40)}`,
        Buffer.from(signature, 'base64url').toString('base64'),
      ];
      for (const spelling of spellings) {
        const bytes = Buffer.from(spelling, 'base64url').toString('base64url');
        expect(bytes, 'the same bytes').to.equal(signature);
        expect(await send(`${input()}.${spelling}`), spelling).to.equal(REFUSED);
      }
    });

    it('refuses a signature in DER', async () => {
      const inDer = signBytes('sha256', Buffer.from(input()), p256().privateKey).toString('base64url');
      expect(await send(`${input()}.${inDer}`)).to.equal(REFUSED);
    });

    it('refuses a signature of zeros (CVE-2022-21449), and one of the wrong length', async () => {
      for (const length of [64, 63, 65, 1, 128]) {
        expect(await send(`${input()}.${Buffer.alloc(length).toString('base64url')}`), `${length} bytes`).to.equal(
          REFUSED,
        );
      }
    });
  });

  describe('of its claims', () => {
    const send = verdictOf(managerAt);

    const unusable: Record<string, Json> = {
      'no exp': { sub: 'ada@example.com' },
      'exp that is text': { ...CLAIMS, exp: String(NOW + 60) },
      'exp that is null': { ...CLAIMS, exp: null },
      'exp that is the text NaN': { ...CLAIMS, exp: 'NaN' },
      'exp that is a list': { ...CLAIMS, exp: [NOW + 60] },
      'exp that is true': { ...CLAIMS, exp: true },
      'exp beyond all numbers': `{"sub":"ada@example.com","exp":1e400}`,
      'nbf that is text': { ...CLAIMS, nbf: '0' },
      'nbf that is null': { ...CLAIMS, nbf: null },
      'nbf beyond all numbers': `{"sub":"ada@example.com","exp":${NOW + 60},"nbf":-1e400}`,
      'iat that is text': { ...CLAIMS, iat: 'yesterday' },
      'iat that is null': { ...CLAIMS, iat: null },
      'no sub': { exp: NOW + 60 },
      'sub that is empty': { ...CLAIMS, sub: '' },
      'sub that is null': { ...CLAIMS, sub: null },
      'sub that is a list': { ...CLAIMS, sub: ['ada@example.com'] },
      'sub that is an object': { ...CLAIMS, sub: { email: 'ada@example.com' } },
      'sub that is true': { ...CLAIMS, sub: true },
      'sub that is a fraction': { ...CLAIMS, sub: 1.5 },
      'sub that is no safe integer': `{"sub":9007199254740993,"exp":${NOW + 60}}`,
      'claims that are only inherited': `{"__proto__":{"sub":"ada@example.com","exp":${NOW + 60}}}`,
    };

    for (const [what, claims] of Object.entries(unusable)) {
      it(`refuses ${what}`, async () => {
        expect(await send(forge({ payload: claims }))).to.equal(REFUSED);
      });
    }

    it('refuses an exp that is negative as long past', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, exp: -1 } }))).to.equal('401 token_expired');
    });

    it('takes an exp with a fraction', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, exp: NOW + 0.5 } }))).to.equal('let in');
    });

    it('takes a token until its exp, and not at it', async () => {
      const token = forge({ payload: CLAIMS });
      clock.advance(59.999);
      expect(await send(token)).to.equal('let in');
      clock.advance(0.001);
      expect(await send(token)).to.equal('401 token_expired');
    });

    it('refuses a token before its nbf, and takes it at it', async () => {
      const token = forge({ payload: { ...CLAIMS, nbf: NOW + 10 } });
      clock.advance(9.999);
      expect(await send(token)).to.equal(REFUSED);
      clock.advance(0.001);
      expect(await send(token)).to.equal('let in');
    });

    it('takes a token that seems to come from the future: iat says nothing about validity', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, iat: NOW + 30 } }))).to.equal('let in');
    });

    it('says that a token has expired only of one that is well signed', async () => {
      const expired = { ...CLAIMS, exp: NOW - 1 };
      expect(await send(forge({ payload: expired }))).to.equal('401 token_expired');
      expect(await send(forge({ payload: expired, key: 'the secret of somebody else, long enough' }))).to.equal(
        REFUSED,
      );
      expect(await send(forge({ header: { alg: 'none' }, payload: expired }))).to.equal(REFUSED);
    });

    it('takes iss and aud that nobody asked for', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, iss: 'https://issuer.example', aud: ['api'] } }))).to.equal(
        'let in',
      );
    });

    it('gives the loader a sub that is a safe integer as the number it is', async () => {
      const seen: unknown[] = [];
      const manager = new LoginManager<object>(SECRET, null, { clock: clock.tell, ...cache });
      manager.userLoader()((sub: number) => {
        seen.push(sub);
        return {};
      });
      await manager.getCurrentUser(forge({ payload: { ...CLAIMS, sub: 0 } }));
      await manager.getCurrentUser(forge({ payload: { ...CLAIMS, sub: Number.MAX_SAFE_INTEGER } }));
      expect(seen).to.deep.equal([0, Number.MAX_SAFE_INTEGER]);
    });
  });

  describe('with a tolerance of ten seconds', () => {
    const send = verdictOf(() => managerAt({ clockTolerance: 10 }));

    it('takes a token for ten seconds more', async () => {
      const token = forge({ payload: CLAIMS });
      clock.advance(69.999);
      expect(await send(token)).to.equal('let in');
      clock.advance(0.001);
      expect(await send(token)).to.equal('401 token_expired');
    });

    it('takes a token ten seconds before its nbf', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, nbf: NOW + 10 } }))).to.equal('let in');
      expect(await send(forge({ payload: { ...CLAIMS, nbf: NOW + 10.001 } }))).to.equal(REFUSED);
    });

    it('is no tolerance of other faults', async () => {
      clock.advance(65);
      expect(await send(forge({ payload: { ...CLAIMS, sub: '' } }))).to.equal(REFUSED);
    });
  });

  describe('with an issuer', () => {
    const send = verdictOf(() => managerAt({ issuer: 'https://issuer.example' }));

    it('takes its tokens', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, iss: 'https://issuer.example' } }))).to.equal('let in');
    });

    for (const iss of [
      undefined,
      null,
      '',
      'https://issuer.example/',
      'https://issuer.example.evil.example',
      'https://issuer',
      'HTTPS://ISSUER.EXAMPLE',
      ['https://issuer.example'],
      { 0: 'https://issuer.example' },
    ]) {
      it(`refuses iss ${JSON.stringify(iss)}`, async () => {
        expect(await send(forge({ payload: { ...CLAIMS, iss } }))).to.equal(REFUSED);
      });
    }

    it('does not say of a stranger’s token that it has expired', async () => {
      expect(await send(forge({ payload: { ...CLAIMS, exp: NOW - 1, iss: 'https://other.example' } }))).to.equal(
        REFUSED,
      );
    });
  });

  describe('with an audience', () => {
    const send = verdictOf(() => managerAt({ audience: ['api', 'web'] }));

    for (const aud of ['api', 'web', ['api'], ['other', 'web'], ['api', 7]]) {
      it(`takes aud ${JSON.stringify(aud)}`, async () => {
        expect(await send(forge({ payload: { ...CLAIMS, aud } }))).to.equal('let in');
      });
    }

    for (const aud of [
      undefined,
      null,
      '',
      'ap',
      'apis',
      'API',
      'api web',
      [],
      ['other'],
      [['api']],
      { 0: 'api' },
      'api,web',
    ]) {
      it(`refuses aud ${JSON.stringify(aud)}`, async () => {
        expect(await send(forge({ payload: { ...CLAIMS, aud } }))).to.equal(REFUSED);
      });
    }
  });

  describe('with several keys', () => {
    const oldSecret = 'the old secret, which signs no longer...';
    const rotated = () =>
      new LoginManager<Account>([SECRET, oldSecret], '/login', { userLoader: Accounts, clock: clock.tell, ...cache });

    describe('that are secrets', () => {
      const send = verdictOf(rotated);

      it('tries each of them', async () => {
        expect(await send(forge({ payload: CLAIMS }))).to.equal('let in');
        expect(await send(forge({ payload: CLAIMS, key: oldSecret }))).to.equal('let in');
        expect(await send(forge({ payload: CLAIMS, key: 'a third secret that is not among the two' }))).to.equal(
          REFUSED,
        );
      });

      it('says of a token of each that it has expired', async () => {
        expect(await send(forge({ payload: { ...CLAIMS, exp: NOW }, key: oldSecret }))).to.equal('401 token_expired');
      });

      it('signs with the first', async () => {
        expect(await managerAt().hasScopes(tokenOf(rotated()), [])).to.equal(true);
      });
    });

    describe('that are RSA keys', () => {
      const options = { algorithm: 'RS256', userLoader: Accounts, clock: clock.tell, ...cache } as const;
      const send = verdictOf(
        () =>
          new LoginManager<Account>(
            [pem(rsa().privateKey), { publicKey: pem(otherRsa().publicKey) }],
            '/login',
            options,
          ),
      );
      const kidOf = (key: string) => headerOf(tokenOf(new LoginManager<Account>(key, '/login', options))).kid;

      it('lets the kid choose among them', async () => {
        const old = { payload: CLAIMS, key: otherRsa().privateKey, algorithm: 'RS256' };
        expect(
          await send(forge({ ...old, header: { alg: 'RS256', kid: kidOf(pem(otherRsa().privateKey)) } })),
        ).to.equal('let in');
        expect(await send(forge({ ...old, header: { alg: 'RS256', kid: kidOf(pem(rsa().privateKey)) } }))).to.equal(
          REFUSED,
        );
        expect(await send(forge({ ...old, header: { alg: 'RS256', kid: 'unknown' } }))).to.equal(REFUSED);
      });

      it('tries each of them where the token names none', async () => {
        for (const { privateKey } of [rsa(), otherRsa()]) {
          expect(await send(forge({ payload: CLAIMS, key: privateKey, algorithm: 'RS256' }))).to.equal('let in');
        }
      });
    });

    it('takes a secret with a name of its own, from a JWK', async () => {
      const manager = new LoginManager<Account>(
        { ...createSecretKey(Buffer.from(SECRET)).export({ format: 'jwk' }), kid: '2030' },
        null,
        { userLoader: Accounts, clock: clock.tell, ...cache },
      );
      expect(headerOf(tokenOf(manager)).kid).to.equal('2030');
      expect(
        await manager.getCurrentUser(forge({ header: { alg: 'HS256', kid: '2030' }, payload: CLAIMS })),
      ).to.include({ email: 'ada@example.com' });
    });
  });
};

describe('the verification of a token', verification({ verifiedTokenCache: false }));
describe('the verification of a token, with a warm cache', verification({}));
