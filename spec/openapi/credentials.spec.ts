import { expect } from 'chai';
import { Authorized, CurrentUser, Get, getMetadataArgsStorage, JsonController, Post } from 'routing-controllers';
import { apiKey } from '../../src/authentication/api-key';
import type { LoginManagerOptions } from '../../src/manager/options';
import { securedSpec } from '../../src/openapi/secured-spec';
import { type Account, managerOf } from '../support/accounts';

@JsonController()
class Routes {
  @Authorized('notes:read')
  @Get('/notes')
  list() {
    return [];
  }

  @Authorized()
  @Post('/notes')
  create() {
    return {};
  }

  @Get('/open')
  open(@CurrentUser() _user: Account | null) {
    return {};
  }
}

const load = () => null;
const documentOf = (options: LoginManagerOptions<Account>) =>
  securedSpec(managerOf(options), getMetadataArgsStorage(), { controllers: [Routes] });

describe('an API key in the document', () => {
  it('is a scheme in the header', () => {
    const { components } = documentOf({ credentials: [apiKey({ header: 'X-API-Key', load })] });
    expect(components?.securitySchemes?.apiKeyAuth).to.deep.equal({ type: 'apiKey', in: 'header', name: 'X-API-Key' });
  });

  it('has the name that it was given', () => {
    const { components } = documentOf({ credentials: [apiKey({ header: 'X-API-Key', name: 'machines', load })] });
    expect(components?.securitySchemes).to.have.property('machines');
  });

  it('is an alternative to the token', () => {
    const { paths } = documentOf({ credentials: [apiKey({ header: 'X-API-Key', load })] });
    expect(paths['/notes'].get.security).to.deep.equal([{ OAuth2PasswordBearer: ['notes:read'] }, { apiKeyAuth: [] }]);
    expect(paths['/open'].get.security).to.deep.equal([{ OAuth2PasswordBearer: [] }, { apiKeyAuth: [] }, {}]);
  });

  it('is the only way in of a manager that takes no tokens', () => {
    const { components, paths } = documentOf({ useHeader: false, credentials: [apiKey({ header: 'X-Key', load })] });
    expect(Object.keys(components?.securitySchemes ?? {})).to.deep.equal(['apiKeyAuth']);
    expect(paths['/notes'].get.security).to.deep.equal([{ apiKeyAuth: [] }]);
  });

  it('is refused with 403 for no reason of the origin, as the cookie is', () => {
    const credentials = [apiKey<Account>({ header: 'X-API-Key', load })];
    expect(documentOf({ credentials }).paths['/notes'].post.responses).not.to.have.property('403');
    expect(documentOf({ credentials, useCookie: true }).paths['/notes'].post.responses).to.have.property('403');
  });
});
