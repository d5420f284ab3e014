import { expect } from 'chai';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { managerOf } from '../support/accounts';
import { documentOf, operationOf } from './documents';

describe('the token endpoints in the document', () => {
  const manager = managerOf({ sessionStore: new MemorySessionStore(), refreshUrl: '/login' });
  const controllers = [tokenEndpoints(manager, { verifyPassword: () => null })] as never;
  const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

  it('take both grants, in a form or as JSON', () => {
    const { requestBody } = operationOf('POST /login', { manager, controllers });
    expect(requestBody.content).to.deep.equal({
      'application/x-www-form-urlencoded': { schema: reference('TokenRequest') },
      'application/json': { schema: reference('TokenRequest') },
    });
    const { TokenRequest } = documentOf({ manager, controllers }).components.schemas;
    expect(TokenRequest.properties.grant_type.enum).to.deep.equal(['password', 'refresh_token']);
    expect(TokenRequest.properties).to.include.keys('username', 'password', 'refresh_token', 'scope');
  });

  it('answer with tokens, or with an error of OAuth 2', () => {
    const { responses } = operationOf('POST /login', { manager, controllers });
    expect(responses[200].content['application/json'].schema).to.deep.equal(reference('TokenResponse'));
    expect(responses[400].content['application/json'].schema).to.deep.equal(reference('OAuth2Error'));
  });

  it('take a token back', () => {
    const { requestBody, responses } = operationOf('POST /login/revoke', { manager, controllers });
    expect(requestBody.content['application/x-www-form-urlencoded'].schema).to.deep.equal(
      reference('RevocationRequest'),
    );
    expect(responses[200].content['application/json']).to.deep.equal({});
  });

  it('are open to everybody', () => {
    expect(operationOf('POST /login', { manager, controllers })).not.to.have.property('security');
  });

  it('are named by the security scheme', () => {
    const { OAuth2PasswordBearer } = documentOf({ manager, controllers }).components.securitySchemes;
    expect(OAuth2PasswordBearer.flows.password).to.include({ tokenUrl: '/login', refreshUrl: '/login' });
  });
});
