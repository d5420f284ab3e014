import { expect } from 'chai';
import { IsString } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { Authorized, Body, Get, JsonController, Post } from 'routing-controllers';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import { documentOf, expectValid, type Json, operationIn } from './documents';

class SpecNote {
  @IsString()
  text!: string;
}

@JsonController()
class Notes {
  @Get('/open')
  open() {
    return {};
  }

  @Authorized('read')
  @Get('/notes')
  list() {
    return [];
  }

  @Authorized('write')
  @Post('/notes')
  create(@Body() note: SpecNote) {
    return note;
  }

  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }
}

const manager = managerOf();
const make = (additional: Json) => documentOf({ manager, controllers: [Notes], with: additional });

describe('additionalProperties', () => {
  it('are merged over the document', () => {
    const document = make({
      info: { title: 'Notes', version: '2.0.0' },
      servers: [{ url: '/api' }],
      paths: { '/notes': { get: { summary: 'All notes' } }, '/more': { get: { responses: {} } } },
    });
    expect(document.info).to.deep.equal({ title: 'Notes', version: '2.0.0' });
    expect(document.servers).to.deep.equal([{ url: '/api' }]);
    expect(operationIn(document, 'GET /notes')).to.deep.include({
      summary: 'All notes',
      security: [{ OAuth2PasswordBearer: ['read'] }],
    });
    expect(document.paths['/more']).to.deep.equal({ get: { responses: {} } });
  });

  it('have the last word about the security of an operation, which is not merged', () => {
    const { paths } = make({
      paths: { '/notes': { get: { security: [{ apiKey: [] }] }, post: { security: [] } } },
      components: { securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: 'X-Key' } } },
    });
    expect(paths['/notes'].get.security).to.deep.equal([{ apiKey: [] }]);
    expect(paths['/notes'].post.security).to.deep.equal([]);
  });

  it('may describe our security schemes, and bring others', () => {
    const { securitySchemes } = make({
      components: {
        securitySchemes: { OAuth2PasswordBearer: { description: 'Log in' }, apiKey: { type: 'http', scheme: 'basic' } },
      },
    }).components;
    expect(securitySchemes.OAuth2PasswordBearer).to.deep.include({ type: 'oauth2', description: 'Log in' });
    expect(securitySchemes.apiKey).to.deep.equal({ type: 'http', scheme: 'basic' });
  });

  it('may close the whole document: what is open says so', () => {
    const document = make({ security: [{ OAuth2PasswordBearer: [] }] });
    expect(document.security).to.deep.equal([{ OAuth2PasswordBearer: [] }]);
    expect(operationIn(document, 'GET /open').security).to.deep.equal([]);
    expect(operationIn(document, 'POST /login').security).to.deep.equal([]);
    expect(operationIn(document, 'GET /notes').security).to.deep.equal([{ OAuth2PasswordBearer: ['read'] }]);
  });

  it('bring schemas, those of class-validator-jsonschema too', async () => {
    const schemas = validationMetadatasToSchemas();
    const document = make({ components: { schemas } });
    expect(document.components.schemas.SpecNote).to.deep.equal(schemas.SpecNote);
    expect(operationIn(document, 'POST /notes').requestBody.content['application/json'].schema).to.deep.equal({
      $ref: '#/components/schemas/SpecNote',
    });
    await expectValid(document);
  });

  it('may have schemas of our names, which stay theirs', async () => {
    const taken = { type: 'object', title: 'Theirs' };
    const schemas = {
      LoginError: taken,
      OAuth2Error: taken,
      TokenResponse: taken,
      OAuth2PasswordRequestForm: taken,
    };
    const document = make({ components: { schemas } });
    const ours = Object.keys(schemas).map((name) => `RoutingControllersLogin${name}`);
    for (const name of Object.keys(schemas)) expect(document.components.schemas[name]).to.deep.equal(taken);
    expect(document.components.schemas).to.include.all.keys(...ours);

    const login = JSON.stringify(operationIn(document, 'POST /login'));
    expect(
      login.match(/#\/components\/schemas\/\w+/g)?.every((one) => one.includes('RoutingControllersLogin')),
    ).to.equal(true);
    expect(operationIn(document, 'GET /notes').responses[401].content['application/json'].schema.$ref).to.equal(
      '#/components/schemas/RoutingControllersLoginLoginError',
    );
    await expectValid(document);
  });

  it('are not changed, and what is in them is no part of the document', () => {
    const additional = Object.freeze({
      components: { schemas: { SpecNote: { type: 'object', properties: {} } } },
      tags: [{ name: 'Notes' }],
    });
    const before = structuredClone(additional);
    const document = make(additional);
    document.components.schemas.SpecNote.properties.changed = {};
    document.tags[0].name = 'changed';
    expect(additional).to.deep.equal(before);
  });
});
