import { expect } from 'chai';
import { Body, BodyParam, Get, HeaderParam, JsonController, Param, Post, QueryParam } from 'routing-controllers';
import { OpenAPI } from 'routing-controllers-openapi';
import { LoginManager } from '../../src/manager/login-manager';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { securedSpec } from '../../src/openapi/index';
import { managerOf, SECRET } from '../support/accounts';
import { documentOf, expectValid, type Json, operationOf, storageOf } from './documents';

@JsonController('/one')
class One {
  @Get()
  get() {
    return {};
  }
}

@JsonController('/two')
class Two {
  @Get()
  get() {
    return {};
  }
}

const manager = managerOf();

describe('the controllers in the document', () => {
  const lists: Record<string, [unknown, string[]]> = {
    'none for an empty list': [[], []],
    'those of a list of classes': [[Two], ['/two']],
    'none for a list of what is no class, such as a circular import': [[undefined], []],
    'the class among what is none': [[undefined, One, {}], ['/one']],
    'all that are loaded for names of files': [['./controllers/*.js'], ['/one', '/two']],
    'all that are loaded without a list': [undefined, ['/one', '/two']],
  };
  for (const [name, [controllers, paths]] of Object.entries(lists)) {
    it(`are ${name}`, () => {
      const document = securedSpec(manager, storageOf(One, Two), { controllers: controllers as never }) as Json;
      expect(Object.keys(document.paths)).to.deep.equal(paths);
    });
  }

  it('leave no schema behind where there are none', async () => {
    const document = documentOf({ manager, controllers: [] });
    expect(document.paths).to.deep.equal({});
    expect(document.components.schemas).to.deep.equal({});
    await expectValid(document);
  });
});

describe('the schemas of the library in the document', () => {
  it('are not there where @OpenAPI describes something else', () => {
    @JsonController()
    class Login {
      @OpenAPI({
        requestBody: { content: { 'application/json': { schema: { type: 'object' } } } } as never,
        responses: {
          200: { description: 'Yes', content: { 'application/json': { schema: { type: 'object' } } } },
          400: { description: 'No', content: { 'application/json': { schema: { type: 'object' } } } },
        },
      })
      @Post('/login')
      login(@PasswordForm() form: OAuth2PasswordRequestForm) {
        return form;
      }
    }
    const { schemas } = documentOf({ manager, controllers: [Login] }).components;
    expect(Object.keys(schemas)).to.deep.equal(['OAuth2PasswordRequestForm']); // still that of the other content type
  });

  it('are there where the application refers to them', async () => {
    @JsonController()
    class Renewal {
      @OpenAPI({
        responses: {
          200: {
            description: 'Tokens',
            content: { 'application/json': { schema: { $ref: '#/components/schemas/TokenResponse' } } },
          },
        },
      })
      @Post('/renew')
      renew() {
        return {};
      }
    }
    const document = documentOf({ manager, controllers: [Renewal] });
    expect(document.components.schemas.TokenResponse.properties).to.have.property('access_token');
    await expectValid(document);
  });

  it('let a form have fields of the application', () => {
    @JsonController()
    class Login {
      @Post('/login')
      login(@PasswordForm() form: OAuth2PasswordRequestForm) {
        return form;
      }
    }
    const { schemas } = documentOf({ manager, controllers: [Login] }).components;
    expect(schemas.OAuth2PasswordRequestForm.additionalProperties).to.include({ type: 'string' });
  });
});

describe('parameters of JavaScript’s own classes', () => {
  @JsonController('/typed')
  class Typed {
    @Post('/numbers')
    numbers(@Body({ type: Number }) numbers: number[]) {
      return numbers;
    }

    @Post('/strings')
    strings(@Body({ type: String }) strings: string[]) {
      return strings;
    }

    @Post('/flags')
    flags(@BodyParam('flags', { type: Boolean }) flags: boolean[]) {
      return flags;
    }

    @Get('/query/:id')
    query(
      @QueryParam('ids', { type: Number }) ids: number[],
      @QueryParam('days', { type: Date }) days: Date[],
      @QueryParam('since') since: Date,
      @QueryParam('big') big: bigint,
      @HeaderParam('X-Ids', { type: Number }) header: number[],
      @Param('id') id: Date,
    ) {
      return { ids, days, since, big, header, id };
    }
  }

  const bodyOf = (path: string) =>
    operationOf(`POST /typed/${path}`, { manager, controllers: [Typed] }).requestBody.content['application/json']
      .schema;
  const number = { type: 'number' };
  const date = { type: 'string', format: 'date-time' };

  it('have its type as the items of a list', () => {
    expect(bodyOf('numbers')).to.deep.equal({ type: 'array', items: number });
    expect(bodyOf('strings')).to.deep.equal({ type: 'array', items: { type: 'string' } });
    expect(bodyOf('flags').properties.flags).to.deep.equal({ type: 'array', items: { type: 'boolean' } });
  });

  it('have it in the query, the headers and the path', () => {
    const { parameters } = operationOf('GET /typed/query/{id}', { manager, controllers: [Typed] });
    expect(Object.fromEntries(parameters.map(({ name, schema }: Json) => [name, schema]))).to.deep.equal({
      'X-Ids': { type: 'array', items: number },
      id: date,
      ids: { type: 'array', items: number },
      days: { type: 'array', items: date },
      since: date,
      big: { type: 'integer' },
    });
  });

  it('are no schemas of the document, which stays valid', async () => {
    const document = documentOf({ manager, controllers: [Typed] });
    expect(document.components.schemas).to.deep.equal({});
    await expectValid(document);
  });

  it('keep the schema that the application gives a class of its own with such a name', () => {
    const schemas: Json = { Number: { type: 'integer', minimum: 1 } };
    const document = documentOf({ manager, controllers: [Typed], with: { components: { schemas } } });
    const { schema } = document.paths['/typed/numbers'].post.requestBody.content['application/json'];
    expect(schema.items).to.deep.equal({ $ref: '#/components/schemas/Number' });
    expect(document.components.schemas.Number).to.deep.equal({ type: 'integer', minimum: 1 });
  });
});

describe('the token endpoints of a server with a prefix in the document', () => {
  const verifyPassword = () => null;
  const at = (tokenUrl: string, options: object = {}) => {
    const one = new LoginManager(SECRET, tokenUrl);
    return { manager: one, controllers: [tokenEndpoints(one, { verifyPassword, ...options })] as never };
  };

  it('have the path that clients see, with the options of the server', () => {
    const paths = (options: Json) => Object.keys(documentOf(options).paths);
    expect(paths({ ...at('/api/token'), routePrefix: '/api' })).to.deep.equal(['/api/token', '/api/token/revoke']);
    expect(paths({ ...at('/api/token') }), 'mounted').to.deep.equal(['/api/token', '/api/token/revoke']);
    expect(paths({ ...at('/api/token'), with: { servers: [{ url: 'https://a.example/api' }] } })).to.deep.equal([
      '/token',
      '/token/revoke',
    ]);
    expect(paths({ ...at('/v1/api/token'), routePrefix: '/api', with: { servers: [{ url: '/v1' }] } })).to.deep.equal([
      '/api/token',
      '/api/token/revoke',
    ]);
  });

  it('are limited: 429, where they have a limiter', async () => {
    const limited = at('/token', { limiter: { consume: () => 1 } });
    const { responses } = operationOf('POST /token', limited);
    expect(responses[429].content['application/json'].schema).to.deep.equal({
      $ref: '#/components/schemas/LoginError',
    });
    expect(responses[429].headers).to.have.property('Retry-After');
    expect(operationOf('POST /token/revoke', limited).responses).not.to.have.property('429');
    expect(operationOf('POST /token', at('/token')).responses).not.to.have.property('429');
    await expectValid(documentOf(limited));
  });
});
