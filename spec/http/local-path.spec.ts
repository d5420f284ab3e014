import { expect } from 'chai';
import fc from 'fast-check';
import { localPath } from '../../src/http/local-path';

const OWN = 'https://own.example';

const local: Record<string, string> = {
  '/': '/',
  '/notes': '/notes',
  '/notes?page=2&q=a%20b#end': '/notes?page=2&q=a%20b#end',
  '/a/../b': '/b',
  '/notes?next=https://evil.example/': '/notes?next=https://evil.example/',
  '/notes?next=//evil.example': '/notes?next=//evil.example',
  '/täglich heute': '/t%C3%A4glich%20heute',
  '/@user': '/@user',
  '/a//b': '/a//b',
  '/100%25': '/100%25',
  '/files/a%2Fb': '/files/a%2Fb',
};

const foreign: Record<string, unknown> = {
  'an absolute URL': 'https://evil.example/',
  'a protocol-relative URL': '//evil.example',
  'a protocol-relative URL with three slashes': '///evil.example',
  'a backslash after the slash': '/\\evil.example',
  'a backslash before the slash': '\\/evil.example',
  'a backslash further on': '/a\\b',
  'a tab between the slashes': '/\t/evil.example',
  'a line break between the slashes': '/\n/evil.example',
  'a carriage return and another header': '/a\r\nSet-Cookie: a=b',
  'a null byte': '/\0/evil.example',
  'a space before the slashes': ' //evil.example',
  'dot segments before two slashes': '/.//evil.example',
  'dot segments that lead up to two slashes': '/a/..//evil.example',
  'encoded dot segments before two slashes': '/%2e//evil.example',
  'encoded double dot segments before two slashes': '/a/%2E%2e//evil.example',
  'an encoded slash': '/%2Fevil.example',
  'an encoded slash in lower case': '/%2fevil.example',
  'a slash that is encoded twice': '/%252Fevil.example',
  'a slash that is encoded three times': '/%25252Fevil.example',
  'an encoded backslash': '/%5Cevil.example',
  'an encoded slash after a dot segment': '/./%2Fevil.example',
  'an encoded tab': '/%09/evil.example',
  'an encoded line break': '/a%0d%0aSet-Cookie:a=b',
  'user information': '//own.example@evil.example/',
  'another scheme': 'javascript:alert(1)',
  'a scheme without slashes': 'https:evil.example',
  'a relative path': 'notes',
  'a query alone': '?a=b',
  'an empty string': '',
  undefined: undefined,
  null: null,
  'an array, as a repeated parameter gives': ['/notes', '//evil.example'],
  'an object': { toString: () => '/notes' },
  'a number': 7,
};

describe('localPath', () => {
  for (const [text, path] of Object.entries(local)) {
    it(`returns ${text}${text === path ? '' : ' in its percent-encoded form'}`, () => {
      expect(localPath(text)).to.equal(path);
    });
  }

  for (const [name, text] of Object.entries(foreign)) {
    it(`returns the fallback for ${name}`, () => {
      expect(localPath(text)).to.equal('/');
      expect(localPath(text, '/notes')).to.equal('/notes');
    });
  }

  /** Strings of what such tricks are made of. */
  const pieces = fc
    .array(
      fc.oneof(
        fc.constantFrom('/', '\\', '//', '.', '..', '%2e', '%2F', '%5c', '%25', '%09', '\t', '\n', '\r', '\0', ' '),
        fc.constantFrom('@', ':', '?', '#', 'https:', 'javascript:', 'evil.example', 'a', '\u3000', '\uff0f', '\u2028'),
        fc.string({ maxLength: 3 }),
      ),
      { maxLength: 12 },
    )
    .map((some) => some.join(''));

  const texts = fc.oneof(
    pieces,
    pieces.map((text) => `/${text}`),
  );

  it('never leads to another origin, whatever it is given', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(new URL(localPath(text), OWN).origin).to.equal(OWN);
      }),
      { numRuns: 5000 },
    );
  });

  it('never leads to another origin after its path is decoded once more', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { pathname } = new URL(localPath(text), OWN);
        const decoded = pathname.replace(/%[0-9a-f]{2}/gi, (byte) =>
          String.fromCharCode(Number.parseInt(byte.slice(1), 16)),
        );
        expect(new URL(decoded, OWN).origin).to.equal(OWN);
      }),
      { numRuns: 5000 },
    );
  });

  it('gives a path that can stand in a header, and that it gives again', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const path = localPath(text);
        expect(path).to.match(/^\/[\x21-\x7e]*$/);
        expect(localPath(path)).to.equal(path);
      }),
      { numRuns: 5000 },
    );
  });
});
