import { expect } from 'chai';
import { serialize } from 'cookie';
import { earlierScopes } from '../../src/http/cookies/cookie-scopes';

const cookie = { name: 'access-token', domain: undefined, path: '/' };

const domainsFor = (host: string | undefined) => [
  ...new Set(earlierScopes(cookie, host, '/', ['/', '/app']).map(({ domain }) => domain)),
];

const pathsFor = (path: string) => earlierScopes(cookie, undefined, path, ['/']).map(({ path: one }) => one);

describe('the scopes that an earlier cookie can have', () => {
  it('are the host alone and its domains, without the top-level domain', () => {
    expect(domainsFor('example.com')).to.deep.equal([undefined, 'example.com']);
    expect(domainsFor('a.example.com:3000')).to.deep.equal([undefined, 'a.example.com', 'example.com']);
    expect(domainsFor('a.b.c.example.com')).to.deep.equal([
      undefined,
      'b.c.example.com',
      'c.example.com',
      'example.com',
    ]);
  });

  it('have no domain that an attribute cannot hold', () => {
    expect(domainsFor('my_app.example.com')).to.deep.equal([undefined, 'example.com']);
    expect(domainsFor('a-.b.example.com')).to.deep.equal([undefined, 'b.example.com', 'example.com']);
    expect(domainsFor(`${'a'.repeat(64)}.example.com`)).to.deep.equal([undefined, 'example.com']);
    for (const host of ['example.com.', 'a_b.c_d', '-.b', 'localhost', '127.0.0.1', '[::1]', 'x y', '', undefined])
      expect(domainsFor(host), `${host}`).to.deep.equal([undefined]);
  });

  it('are none of a host that is longer than hosts can be, and no path that browsers do not keep', () => {
    const long = `${'a.'.repeat(125)}com`;
    expect(domainsFor(long)).to.deep.equal([undefined, 'a.a.a.com', 'a.a.com', 'a.com']);
    for (const host of [`a.${long}`, Array.from({ length: 7500 }, () => 'a').join('.')])
      expect(domainsFor(host)).to.deep.equal([undefined]);
    expect(pathsFor(`/${'a'.repeat(1023)}/b`)).to.have.length(1);
    expect(pathsFor(`/${'a'.repeat(1024)}/b`)).to.deep.equal([]);
  });

  it('are the directories of the path, as far as an attribute can hold them', () => {
    expect(pathsFor('/a/b/c/d/e')).to.deep.equal(['/a', '/a/b', '/a/b/c']);
    expect(pathsFor('/a<b/c')).to.deep.equal([]);
    expect(pathsFor('/a;b/c')).to.deep.equal([]);
    expect(pathsFor('/a=b/c')).to.deep.equal(['/a=b']);
    expect(pathsFor('/ä/c')).to.deep.equal([]);
  });

  it('can all be written', () => {
    const characters = String.fromCharCode(...Array.from({ length: 0x80 - 0x21 }, (_, index) => index + 0x21));
    for (const character of characters) {
      const host = `a${character}b.c${character}.example.com`;
      for (const { domain, path } of earlierScopes(cookie, host, `/a${character}/b`, ['/']))
        serialize('access-token', '', { path, ...(domain !== undefined && { domain }) });
    }
  });

  it('are none of a cookie whose name allows one alone, and not the present one', () => {
    expect(earlierScopes({ ...cookie, name: '__Host-t' }, 'example.com', '/a/b', ['/'])).to.deep.equal([]);
    expect(earlierScopes(cookie, 'example.com', '/', ['/'])).to.deep.equal([{ domain: 'example.com', path: '/' }]);
    expect(earlierScopes({ ...cookie, domain: '.Example.com' }, 'example.com', '/', ['/'])).to.deep.equal([
      { domain: undefined, path: '/' },
    ]);
  });
});
