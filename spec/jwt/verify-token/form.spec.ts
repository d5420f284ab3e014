import { expect } from 'chai';
import { SECRET } from '../../support/accounts';
import { encode, forge, type Json, signatureOf } from '../../support/tokens';
import { CLAIMS, describeVerification, REFUSED } from './verification';

describeVerification('the form of a token', ({ managerWith, senderOf }) => {
  const send = senderOf(managerWith);
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
      [encode('{"alg":"HS256" }').replace(/.$/, (last) => String.fromCharCode(last.charCodeAt(0) + 1)), encode(CLAIMS)],
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
