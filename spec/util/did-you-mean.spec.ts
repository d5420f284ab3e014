import { expect } from 'chai';
import { didYouMean } from '../../src/util/did-you-mean';

describe('the suggestion for a name that is not known', () => {
  const known = ['useCookie', 'useHeader', 'cookieName', 'HS256', 'RS256'];

  for (const [slip, meant] of Object.entries({
    useCookies: 'useCookie',
    usecookie: 'useCookie',
    useHaeder: 'useHeader',
    cookie_name: 'cookieName',
    rs256: 'RS256',
    Rs265: 'RS256',
  })) {
    it(`is ${meant} for ${slip}`, () => {
      expect(didYouMean(slip, known)).to.equal(` Did you mean "${meant}"?`);
    });
  }

  it('is left out where nothing is near', () => {
    expect(didYouMean('colour', known)).to.equal('');
    expect(didYouMean('', known)).to.equal('');
  });

  it('is left out where nothing is known', () => {
    expect(didYouMean('useCookie', [])).to.equal('');
  });
});
