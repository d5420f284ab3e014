import { validateHeaderValue } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import { bearerChallenge } from '../../src/errors/www-authenticate';

describe('the challenge', () => {
  it('is the scheme alone, where there is nothing to say', () => {
    expect(bearerChallenge()).to.equal('Bearer');
    expect(bearerChallenge({})).to.equal('Bearer');
  });

  it('quotes its attributes, in their order', () => {
    expect(bearerChallenge({ error: 'insufficient_scope', scope: 'a b' })).to.equal(
      'Bearer error="insufficient_scope", scope="a b"',
    );
  });

  it('leaves out what RFC 6750 §3 does not allow in an attribute', () => {
    expect(bearerChallenge({ error_description: 'a"b\\c\r\nSet-Cookie: x\u0000\u007fä€' })).to.equal(
      'Bearer error_description="abcSet-Cookie: x"',
    );
  });

  it('cannot be broken out of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (description, scope) => {
        const challenge = bearerChallenge({ error_description: description, scope });
        expect(challenge).to.match(
          /^Bearer error_description="[\x20\x21\x23-\x5b\x5d-\x7e]*", scope="[\x20\x21\x23-\x5b\x5d-\x7e]*"$/,
        );
        validateHeaderValue('WWW-Authenticate', challenge);
      }),
    );
  });
});
