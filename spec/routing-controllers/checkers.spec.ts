import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect } from 'chai';
import { Authorized, CurrentUser, Get, JsonController, Post } from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import type { Role } from '../../src/authorization/requirement';
import type { InsufficientScopeError } from '../../src/errors/insufficient-scope-error';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { onEachFramework } from '../support/servers';

const isAdmin = (account: Account) => account.admin;

@JsonController()
class Notes {
  @Get('/open')
  open(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? null };
  }

  @Authorized()
  @Get('/me')
  me(@CurrentUser() account: Account) {
    return { email: account.email };
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) account: Account) {
    return { email: account.email };
  }

  @Authorized(['notes:read'])
  @Get('/notes')
  list() {
    return [];
  }

  @Authorized(anyOf('notes:write', 'admin'))
  @Post('/notes')
  write() {
    return {};
  }

  @Authorized(isAdmin)
  @Get('/admin')
  admin() {
    return {};
  }
}

describe('the checkers', () => {
  onEachFramework((start) => {
    const manager = managerOf();

    it('let a user with a token in', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      const response = await client.get('/me').set(bearer(tokenOf(manager)));
      expect(response.body).to.deep.equal({ email: 'ada@example.com' });
      expect(response.status).to.equal(200);
    });

    it('answer a request without a token with 401 and a challenge that names no error', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      for (const path of ['/me', '/required', '/notes', '/admin']) {
        const response = await client.get(path);
        expect(response.status, path).to.equal(401);
        expect(response.headers['www-authenticate'], path).to.equal('Bearer realm="api"');
        expect(response.body, path).to.deep.equal({
          name: 'NotAuthenticatedError',
          message: 'Authentication is required',
          code: 'token_missing',
        });
      }
    });

    it('answer a token that lacks a scope with 403 and the scope', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      const response = await client.get('/notes').set(bearer(tokenOf(manager, 'ada@example.com', ['notes:write'])));
      expect(response.status).to.equal(403);
      expect(response.headers['www-authenticate']).to.equal(
        'Bearer realm="api", error="insufficient_scope", scope="notes:read"',
      );
      expect(response.body.code).to.equal('insufficient_scope');
    });

    it('ask the policies', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      expect((await client.get('/admin').set(bearer(tokenOf(manager)))).status).to.equal(200);
      const denied = await client.get('/admin').set(bearer(tokenOf(manager, 'bob@example.com')));
      expect(denied.status).to.equal(403);
      expect(denied.body.code).to.equal('policy_denied');
    });

    it('give null to a current user that is not required', async () => {
      const { client } = await start({ manager, controllers: [Notes] });
      expect((await client.get('/open')).body).to.deep.equal({ email: null });
      expect((await client.get('/open').set(bearer('garbage'))).body).to.deep.equal({ email: null });
    });
  });
});

describe('the checkers, asked themselves', () => {
  const manager = managerOf();
  const action = (headers: Record<string, string>) => {
    const request = Object.assign(new IncomingMessage(new Socket()), { headers });
    return { request, response: new ServerResponse(request) };
  };
  const headers = () => ({ authorization: bearer(tokenOf(manager, 'ada@example.com', ['notes:read'])).Authorization });

  it('answer at once where the loader does: true and the user, not promises of them', () => {
    const asked = action(headers());
    expect(manager.checker(asked, ['notes:read'])).to.equal(true);
    expect(manager.currentUserChecker(asked)).to.include({ email: 'ada@example.com' });
  });

  it('throw a refusal at once, so that nobody takes its promise for a yes', () => {
    expect(() => manager.checker(action({}), [])).to.throw('Authentication is required');
    expect(() => manager.checker(action(headers()), ['notes:write'])).to.throw('lacks a required scope');
  });

  it('parse the roles of a route once', () => {
    const roles = ['notes:write'];
    const scopesOfError = () => {
      try {
        manager.checker(action(headers()), roles);
      } catch (error) {
        return (error as InsufficientScopeError).scopes;
      }
      return undefined;
    };
    expect(scopesOfError()).to.deep.equal(roles).and.to.equal(scopesOfError());
  });

  const changes: Record<string, (roles: Role[]) => void> = {
    'a scope was added to': (roles) => roles.push('notes:write'),
    'a scope was replaced in': (roles) => roles.splice(0, 1, 'notes:write'),
    'a policy was replaced in': (roles) => roles.splice(1, 1, () => false),
    'anyOf was added to': (roles) => roles.push(anyOf('notes:write', 'notes:admin')),
  };
  for (const [name, change] of Object.entries(changes)) {
    it(`see a list of roles that ${name} since`, async () => {
      const roles: Role[] = ['notes:read', () => true];
      const request = () => action(headers()).request;
      expect(manager.checker(action(headers()), roles)).to.equal(true);
      await manager.authenticate(request(), roles);
      change(roles);
      expect(() => manager.checker(action(headers()), roles)).to.throw();
      expect((await rejection(manager.authenticate(request(), roles))).code).to.match(
        /insufficient_scope|policy_denied/,
      );
      expect((await rejection(manager.optional(request(), roles))).code).to.match(/insufficient_scope|policy_denied/);
    });
  }
});
