import { expect } from 'chai';
import { Controller, HttpCode, JsonController, Post } from 'routing-controllers';
import { OpenAPI } from 'routing-controllers-openapi';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import { documentOf, expectValid, operationIn } from './documents';

const answer = Object.freeze({ 200: { description: 'Done', content: { 'application/json': {} } } });

@JsonController()
class Login {
  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }

  @HttpCode(201)
  @Post('/sessions')
  create(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }

  @OpenAPI((operation) => ({ ...operation, responses: answer }))
  @Post('/shared')
  shared(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }
}

class BaseLogin {
  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }
}

@JsonController('/inherited')
class InheritedLogin extends BaseLogin {}

@Controller('/pages')
class Pages {
  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form.username;
  }
}

const manager = managerOf();
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

describe('the operation of a login', () => {
  const document = () => documentOf({ manager, controllers: [Login, InheritedLogin, Pages] });
  const at = (name: string) => operationIn(document(), name);

  it('has the form as its body, form-encoded or JSON', () => {
    for (const name of ['POST /login', 'POST /inherited/login']) {
      expect(at(name).requestBody).to.deep.equal({
        required: true,
        content: {
          'application/x-www-form-urlencoded': { schema: reference('OAuth2PasswordRequestForm') },
          'application/json': { schema: reference('OAuth2PasswordRequestForm') },
        },
      });
    }
  });

  it('describes the parameters as they are sent, `scope` among them', () => {
    const { OAuth2PasswordRequestForm: form } = document().components.schemas;
    expect(form.required).to.deep.equal(['username', 'password']);
    expect(form.properties).to.have.all.keys(
      'grant_type',
      'username',
      'password',
      'scope',
      'client_id',
      'client_secret',
    );
    expect(form.properties.password.format).to.equal('password');
  });

  it('answers with a token response', () => {
    expect(at('POST /login').responses[200].content['application/json'].schema).to.deep.equal(
      reference('TokenResponse'),
    );
    expect(at('POST /sessions').responses[201].content['application/json'].schema).to.deep.equal(
      reference('TokenResponse'),
    );
    const { TokenResponse } = document().components.schemas;
    expect(TokenResponse.properties).to.include.all.keys('access_token', 'token_type', 'expires_in', 'scope');
  });

  it('answers with a page where the controller is no @JsonController', () => {
    expect(at('POST /pages/login').responses[200].content).to.deep.equal({ 'text/html; charset=utf-8': {} });
  });

  it('is refused with an OAuth 2 error', () => {
    expect(at('POST /login').responses[400].content).to.deep.equal({
      'application/json': { schema: reference('OAuth2Error') },
    });
    expect(document().components.schemas.OAuth2Error.properties).to.have.all.keys('error', 'error_description');
  });

  it('changes nothing that a function of @OpenAPI has given', () => {
    expect(at('POST /shared').responses[200].content['application/json'].schema).to.deep.equal(
      reference('TokenResponse'),
    );
    expect(answer[200].content['application/json']).to.deep.equal({});
  });

  it('is valid in two validators', async () => {
    await expectValid(document());
  });
});
