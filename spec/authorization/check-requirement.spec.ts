import { expect } from 'chai';
import { Authorized, Get, JsonController } from 'routing-controllers';
import { allOf, anyOf } from '../../src/authorization/alternatives';
import { hasScopes } from '../../src/authorization/check-requirement';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { onEachServer } from '../support/servers';

const isAdmin = (account: Account) => account.admin;
const isBob = (account: Account) => account.email === 'bob@example.com';

@JsonController()
class Routes {
  @Authorized([isAdmin, anyOf('a', allOf('b', isBob))])
  @Get('/policy-and-alternative')
  policyAndAlternative() {
    return {};
  }

  @Authorized(['x', anyOf('a', allOf('b', isBob))])
  @Get('/scope-and-alternative')
  scopeAndAlternative() {
    return {};
  }
}

describe('the check of a requirement', () => {
  onEachServer((start) => {
    async function serve() {
      const manager = managerOf();
      const { client } = await start({ manager, controllers: [Routes] });
      return async (path: string, name: 'ada' | 'bob', scopes: readonly string[]) => {
        const answer = await client.get(path).set(bearer(tokenOf(manager, `${name}@example.com`, scopes)));
        const scope = /scope="([^"]*)"/.exec(answer.get('WWW-Authenticate') ?? '')?.[1];
        return answer.status === 200 ? 'let in' : `${answer.status} ${answer.body.code}${scope ? `: ${scope}` : ''}`;
      };
    }

    it('asks for a policy and for an alternative, where there is one of each', async () => {
      const send = await serve();
      expect(await send('/policy-and-alternative', 'ada', ['a'])).to.equal('let in');
      expect(await send('/policy-and-alternative', 'bob', ['a'])).to.match(/^403 /);
      expect(await send('/policy-and-alternative', 'bob', ['b'])).to.match(/^403 /);
      expect(await send('/policy-and-alternative', 'ada', ['b'])).to.match(/^403 /);
      expect(await send('/policy-and-alternative', 'ada', [])).to.equal('403 insufficient_scope: a b');
    });

    it('names all scopes that would help, if no policy can', async () => {
      const send = await serve();
      expect(await send('/scope-and-alternative', 'bob', ['x', 'b'])).to.equal('let in');
      expect(await send('/scope-and-alternative', 'ada', ['x', 'a'])).to.equal('let in');
      expect(await send('/scope-and-alternative', 'bob', ['x'])).to.equal('403 insufficient_scope: x a b');
      expect(await send('/scope-and-alternative', 'bob', ['a', 'b'])).to.match(/^403 insufficient_scope: /);
    });
  });

  it('finds a scope among many, frozen or not, and sees what is added to an array of the application', () => {
    const many = Array.from({ length: 40 }, (_, index) => `scope-${index}`);
    const frozen = Object.freeze([...many]);
    for (let times = 0; times < 2; times++) {
      for (const scopes of [many, frozen]) {
        expect(hasScopes(scopes, { allOf: ['scope-39', 'scope-0'], anyOf: [['none', 'scope-7']] })).to.equal(true);
        expect(hasScopes(scopes, { allOf: ['scope-40'], anyOf: [] })).to.equal(false);
        expect(hasScopes(scopes, { allOf: [], anyOf: [['scope-1'], ['none']] })).to.equal(false);
      }
    }
    many.push('late');
    expect(hasScopes(many, { allOf: ['late'], anyOf: [] })).to.equal(true);
  });
});
