import { expect } from 'chai';
import {
  Authorized,
  Controller,
  CurrentUser,
  Get,
  HttpError,
  JsonController,
  UnauthorizedError,
} from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { rejection } from '../support/rejection';
import { onEachServer } from '../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @Get('/login')
  login() {
    return {};
  }

  @Authorized('admin')
  @Get('/scope')
  scope() {
    return {};
  }

  @Get('/required')
  required(@CurrentUser({ required: true }) _user: Account) {
    return {};
  }

  @Authorized()
  @Get('/own-401')
  own() {
    throw new UnauthorizedError('not today');
  }

  @Public()
  @Get('/public-401')
  public(@CurrentUser() _user: Account | null) {
    throw new UnauthorizedError('not today');
  }
}

@Controller()
class Pages {
  @Authorized()
  @Get('/page')
  page() {
    return 'page';
  }
}

class Unavailable extends HttpError {
  constructor() {
    super(401, 'Please log in');
  }
}

describe('the realm', () => {
  onEachServer((start) => {
    const options = { controllers: [Routes, Pages] };
    const rows: [string, string, (token: string) => Record<string, string>, RegExp][] = [
      ['a missing token', '/login', () => ({}), /^Bearer realm="notes"$/],
      ['a missing token of a page', '/page', () => ({}), /^Bearer realm="notes"$/],
      ['another scheme', '/login', () => ({ Authorization: 'Basic YTpi' }), /^Bearer realm="notes"$/],
      ['an invalid token', '/login', () => bearer('a.b.c'), /^Bearer realm="notes", error="invalid_token"/],
      ['a missing user', '/required', () => ({}), /^Bearer realm="notes"$/],
      ['a missing scope', '/scope', bearer, /^Bearer realm="notes", error="insufficient_scope", scope="admin"$/],
      ["a handler's own 401", '/own-401', bearer, /^Bearer realm="notes"$/],
      ["a public handler's own 401", '/public-401', () => ({}), /^Bearer realm="notes"$/],
    ];

    for (const [name, path, headers, challenge] of rows) {
      it(`is in the challenge of ${name}`, async () => {
        const manager = managerOf({ realm: 'notes' });
        const { client } = await start({ manager, ...options });
        const response = await client.get(path).set(headers(tokenOf(manager)));
        expect(response.headers['www-authenticate']).to.match(challenge);
      });

      it(`is "api" by default in the challenge of ${name}`, async () => {
        const manager = managerOf();
        const { client } = await start({ manager, ...options });
        const response = await client.get(path).set(headers(tokenOf(manager)));
        expect(response.headers['www-authenticate']).to.match(/^Bearer realm="api"/);
      });
    }

    it('is in the challenge that an exception of the application lacks', async () => {
      const manager = managerOf({ realm: 'notes', notAuthenticatedException: () => new Unavailable() });
      const { client } = await start({ manager, ...options });
      expect((await client.get('/login')).headers['www-authenticate']).to.equal('Bearer realm="notes"');
    });
  });

  it('is in errors that are thrown without a response', async () => {
    const manager = managerOf({ realm: 'notes', useCookie: true });
    for (const asked of [manager.getCurrentUser('a.b.c'), manager.hasScopes('a.b.c', 'x')])
      expect((await rejection<Error & { headers?: object }>(asked)).headers)
        .to.have.property('WWW-Authenticate')
        .that.matches(/^Bearer realm="notes", error="invalid_token"/);
  });

  it('belongs to one manager: another has its own', async () => {
    const [notes, api] = [managerOf({ realm: 'notes' }), managerOf()];
    for (const [manager, realm] of [
      [notes, 'notes'],
      [api, 'api'],
      [notes, 'notes'],
    ] as const)
      expect((await rejection<Error & { headers?: object }>(manager.getCurrentUser('x'))).headers)
        .to.have.property('WWW-Authenticate')
        .that.matches(new RegExp(`^Bearer realm="${realm}"`));
  });
});
