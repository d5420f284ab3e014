import { expect } from 'chai';
import { Get, HttpCode, JsonController, OnNull, Res, UnauthorizedError, UseBefore } from 'routing-controllers';
import { Public } from '../../../src/authorization/public';
import { InvalidClientError } from '../../../src/errors/oauth2-error';
import { type App, onEachSecureServer, ownErrorHandling } from '../../support/servers';
import { silencingStderr } from '../../support/stderr';
import { manager } from './refused-requests';

class NotYou extends UnauthorizedError {
  constructor() {
    super('not you');
  }
}

class RefusingMiddleware {
  use(): void {
    throw new NotYou();
  }
}

@JsonController()
class PublicRoutes {
  @Get('/error')
  error() {
    throw new UnauthorizedError('wrong password');
  }

  @Get('/status')
  status() {
    throw Object.assign(new Error('wrong password'), { status: 401 });
  }

  @Get('/rejection')
  async rejection() {
    throw new UnauthorizedError('wrong password');
  }

  @OnNull(NotYou)
  @Get('/null')
  null() {
    return null;
  }

  @UseBefore(RefusingMiddleware)
  @Get('/own')
  own() {
    return {};
  }

  @Public()
  @HttpCode(401)
  @Get('/code')
  code() {
    return {};
  }

  @Get('/client')
  client() {
    throw new InvalidClientError();
  }

  @Get('/response')
  response(@Res() response: App) {
    if (typeof response.status === 'function') response.status(401);
    else response.status = 401;
    return {};
  }
}

const controllers = [PublicRoutes];

describe('a 401 of a public route', () => {
  silencingStderr();

  // On routing-controllers' own servers the library knows nothing of a route that asks it for nothing.
  onEachSecureServer((start, framework) => {
    for (const [name, path] of Object.entries({
      'an UnauthorizedError that its handler throws': '/error',
      'an UnauthorizedError with which its handler rejects': '/rejection',
      'an error that @OnNull throws': '/null',
      'an error that its own middleware throws': '/own',
      'a code that is no error': '/code',
      'a response whose status its handler sets': '/response',
    })) {
      it(`has a challenge where it comes from ${name}`, async () => {
        const { client } = await start({ manager, controllers });
        const { status, headers } = await client.get(path);
        expect([status, headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
      });
    }

    it('has a challenge where the application answers an error with such a status', async () => {
      const own = ownErrorHandling(framework, ({ status }) => ({ status }));
      const { client } = await start({ manager, controllers, defaultErrorHandler: false, ...own });
      const { status, headers } = await client.get('/status');
      expect([status, headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
    });

    it('has the headers of the OAuth 2 error that its handler throws', async () => {
      const { client } = await start({ manager, controllers });
      const { status, headers, body } = await client.get('/client');
      expect([status, body.error]).to.deep.equal([401, 'invalid_client']);
      expect(headers['www-authenticate']).to.match(/^Basic /);
      expect(headers['cache-control']).to.equal('no-store');
    });
  });
});
