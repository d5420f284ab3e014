import { expect } from 'chai';
import { Authorized, Get, getMetadataArgsStorage, JsonController } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { LoginManager } from '../../src/manager/login-manager';
import type { LoginManagerOptions } from '../../src/manager/options';
import { securedSpec } from '../../src/openapi/index';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { Accounts, SECRET } from '../support/accounts';
import { documentOf, expectValid, operationIn } from './documents';

@JsonController()
class Notes {
  @Authorized('read')
  @Get('/notes')
  list() {
    return [];
  }
}

const controllers = [Notes];
const manager = (tokenUrl: string | null, options: LoginManagerOptions<object> = {}) =>
  new LoginManager<object>(SECRET, tokenUrl, { userLoader: Accounts, ...options });
const schemesOf = (...managers: LoginManager<object>[]) =>
  documentOf({ manager: managers, controllers }).components.securitySchemes;
const securityOf = (...managers: LoginManager<object>[]) =>
  operationIn(documentOf({ manager: managers, controllers }), 'GET /notes').security;

describe('the security schemes', () => {
  it('have the path of the login route, and the declared scopes with their descriptions', () => {
    const scopes = { read: 'Read notes', write: 'Write notes' };
    expect(schemesOf(manager('/auth/login', { scopes }))).to.deep.equal({
      OAuth2PasswordBearer: { type: 'oauth2', flows: { password: { tokenUrl: '/auth/login', scopes } } },
    });
  });

  it('have no scopes where none is declared', () => {
    const { OAuth2PasswordBearer } = schemesOf(manager('/login'));
    expect(OAuth2PasswordBearer.flows.password.scopes).to.deep.equal({});
  });

  it('have the path that takes refresh tokens, where there is one', () => {
    const { flows } = schemesOf(
      manager('/login', { sessionStore: new MemorySessionStore(), refreshUrl: '/token' }),
    ).OAuth2PasswordBearer;
    expect(flows.password).to.deep.equal({ tokenUrl: '/login', refreshUrl: '/token', scopes: {} });
    expect(schemesOf(manager('/login')).OAuth2PasswordBearer.flows.password).not.to.have.property('refreshUrl');
  });

  it('are plain bearer tokens where tokenUrl is null, with no scopes for an operation to list', () => {
    const verifier = manager(null);
    expect(schemesOf(verifier)).to.deep.equal({
      HTTPBearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
    });
    expect(securityOf(verifier)).to.deep.equal([{ HTTPBearer: [] }]);
  });

  it('have the cookie beside the header, as an alternative', () => {
    const both = manager('/login', { useCookie: true, cookieName: '__Host-session' });
    expect(schemesOf(both)).to.have.all.keys('OAuth2PasswordBearer', 'cookieAuth');
    expect(schemesOf(both).cookieAuth).to.deep.equal({ type: 'apiKey', in: 'cookie', name: '__Host-session' });
    expect(securityOf(both)).to.deep.equal([{ OAuth2PasswordBearer: ['read'] }, { cookieAuth: [] }]);
  });

  it('have the cookie alone where the header is not looked at', () => {
    const cookieOnly = manager('/login', { useHeader: false, useCookie: true });
    expect(schemesOf(cookieOnly)).to.have.all.keys('cookieAuth');
    expect(securityOf(cookieOnly)).to.deep.equal([{ cookieAuth: [] }]);
  });

  describe('of several managers', () => {
    it('do not collide', () => {
      const managers = [
        manager('/login', { useCookie: true }),
        manager('/staff/login', { useCookie: true, cookieName: 'staff' }),
        manager(null),
      ];
      const schemes = schemesOf(...managers);
      expect(schemes).to.have.all.keys(
        'OAuth2PasswordBearer',
        'cookieAuth',
        'OAuth2PasswordBearer2',
        'cookieAuth2',
        'HTTPBearer',
      );
      expect(schemes.OAuth2PasswordBearer2.flows.password.tokenUrl).to.equal('/staff/login');
      expect(schemes.cookieAuth2.name).to.equal('staff');
      expect(securityOf(...managers)).to.deep.equal([
        { OAuth2PasswordBearer: ['read'] },
        { cookieAuth: [] },
        { OAuth2PasswordBearer2: ['read'] },
        { cookieAuth2: [] },
        { HTTPBearer: [] },
      ]);
    });

    it('are one where they say the same', () => {
      const managers = [manager('/login'), manager('/login', { defaultExpiry: '1h' })];
      expect(schemesOf(...managers)).to.have.all.keys('OAuth2PasswordBearer');
      expect(securityOf(...managers)).to.deep.equal([{ OAuth2PasswordBearer: ['read'] }]);
    });

    it('accept the scopes that any of them declares', () => {
      const reader = manager('/login', { scopes: { read: '' } });
      const writer = manager('/other', { scopes: { write: '' } });
      expect(() => schemesOf(reader, writer)).not.to.throw();
      expect(() => schemesOf(writer)).to.throw(ConfigurationError, "'read' is not among");
    });

    it('must be one at least', () => {
      expect(() => securedSpec([], getMetadataArgsStorage())).to.throw(ConfigurationError, 'at least one manager');
    });
  });

  it('are valid in two validators', async () => {
    const scopes = { read: 'Read' };
    for (const managers of [
      [manager('/login', { scopes, useCookie: true }), manager(null, { useCookie: true, cookieName: 'other' })],
      [manager(null)],
      [manager('/login', { useHeader: false, useCookie: true })],
    ]) {
      await expectValid(documentOf({ manager: managers, controllers }));
    }
  });
});
