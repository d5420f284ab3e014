import { expect } from 'chai';
import { Authorized, Controller, Get, JsonController, Post } from 'routing-controllers';
import { OpenAPI, ResponseSchema } from 'routing-controllers-openapi';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import '../support/quiet-lost-guards';
import { documentOf, expectValid, type Json, operationIn } from './documents';

class Problem {}

const shared = { description: 'One object for all', responses: { 401: { description: 'Shared' } } };

@OpenAPI({ security: [{ ofClass: [] }] })
@JsonController('/class')
class SecuredClass {
  @Get('/silent')
  silent() {
    return {};
  }

  @OpenAPI({ security: [{ ofMethod: [] }] })
  @Get('/other')
  other() {
    return {};
  }

  @OpenAPI({ security: [] })
  @Get('/open')
  open() {
    return {};
  }

  @OpenAPI((operation) => ({ ...operation, security: [...(operation.security ?? []), { alternative: ['x'] }] }))
  @Get('/function')
  ofFunction() {
    return {};
  }
}

@Authorized('read')
@JsonController('/method')
class SecuredMethods {
  @OpenAPI({ security: [{ apiKey: [] }] })
  @Get('/object')
  object() {
    return {};
  }

  @OpenAPI((operation) => ({ ...operation, security: [{ apiKey: [] }] }))
  @Get('/function')
  ofFunction() {
    return {};
  }

  @OpenAPI((operation) => ({ ...operation, security: [...(operation.security ?? []), { apiKey: [] }] }))
  @Get('/added')
  added() {
    return {};
  }

  @OpenAPI({ security: [] })
  @Get('/public')
  open() {
    return {};
  }

  @OpenAPI(({ security: _, ...operation }) => operation)
  @Get('/silent')
  silent() {
    return {};
  }

  @OpenAPI({ security: [{ OAuth2PasswordBearer: ['read', 'more'] }, {}] })
  @Get('/stricter')
  stricter() {
    return {};
  }

  @OpenAPI({ description: 'Said before' })
  @Get('/described')
  described() {
    return {};
  }
}

@OpenAPI({ security: [{ ofClass: [] }] })
@OpenAPI((operation) => ({ ...operation, summary: operation.summary?.toUpperCase() }))
@Authorized()
@JsonController('/both')
class BothForms {
  @Get('/one')
  one() {
    return {};
  }
}

@OpenAPI({ security: [{ ofBase: [] }], description: 'Base' })
class Base {
  @OpenAPI({ security: [] })
  @Get('/open')
  open() {
    return {};
  }

  @OpenAPI({ security: [{ ofBaseMethod: [] }], summary: 'Base' })
  @Get('/overridden')
  overridden() {
    return {};
  }

  @Get('/plain')
  plain() {
    return {};
  }
}

@OpenAPI({ security: [{ ofDerived: [] }], description: 'Derived' })
@JsonController('/derived')
class Derived extends Base {
  @OpenAPI({ security: [{ ofOverride: [] }], summary: 'Override' })
  override overridden() {
    return {};
  }
}

@JsonController('/heir')
class Heir extends Base {}

@Authorized('read')
@JsonController('/responses')
class Responses {
  @OpenAPI({ responses: { 401: { description: 'Mine' } } })
  @Get('/description')
  description() {
    return {};
  }

  @OpenAPI({
    responses: {
      401: { description: 'Mine', content: { 'application/json': { schema: { type: 'object', title: 'Mine' } } } },
    },
  })
  @Get('/schema')
  schema() {
    return {};
  }

  @OpenAPI({ responses: { 401: { $ref: '#/components/responses/Mine' } } })
  @Get('/reference')
  reference() {
    return {};
  }

  @ResponseSchema(Problem, { statusCode: 401 })
  @Get('/response-schema')
  responseSchema() {
    return {};
  }

  @ResponseSchema(Problem, { statusCode: 403, contentType: 'application/problem+json' })
  @ResponseSchema('Other', { statusCode: 403, contentType: 'application/problem+json' })
  @Get('/response-schemas')
  responseSchemas() {
    return {};
  }

  @OpenAPI((operation: Json) => {
    delete operation.responses[403];
    operation.responses[401].description = 'Changed';
    return operation;
  })
  @Get('/function')
  ofFunction() {
    return {};
  }

  @OpenAPI(shared)
  @Get('/shared')
  shared() {
    return {};
  }
}

@Authorized('read')
@Controller('/text')
class Text {
  @ResponseSchema(Problem, { statusCode: 401 })
  @Get('/response-schema')
  responseSchema() {
    return '';
  }
}

const BODY = { type: 'object', title: 'Mine' } as const;

@JsonController('/login')
class Login {
  @OpenAPI({ requestBody: { content: { 'application/json': { schema: BODY } } } })
  @Post('/body')
  body(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }

  @OpenAPI({ requestBody: { $ref: '#/components/requestBodies/Mine' } })
  @Post('/reference')
  reference(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }

  @OpenAPI({ requestBody: { description: 'Who you are', content: {} } })
  @Post('/described')
  described(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }

  @ResponseSchema(Problem)
  @Post('/answer')
  answer(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }
}

const controllers = [SecuredClass, SecuredMethods, BothForms, Derived, Heir, Responses, Text, Login];
const manager = managerOf();
const apiKey = { type: 'apiKey', in: 'header', name: 'X-Key' };
const names = ['ofClass', 'ofMethod', 'alternative', 'apiKey', 'ofBase', 'ofBaseMethod', 'ofDerived', 'ofOverride'];
const additional: Json = {
  components: {
    securitySchemes: Object.fromEntries(names.map((name) => [name, apiKey])),
    responses: { Mine: { description: 'Mine' } },
    requestBodies: { Mine: { content: {} } },
  },
};

describe('what @OpenAPI says', () => {
  const document = () => documentOf({ manager, controllers, with: additional });
  const at = (name: string) => operationIn(document(), name);
  const LOGIN_ERROR = { 'application/json': { schema: { $ref: '#/components/schemas/LoginError' } } };

  describe('about security', () => {
    it('of a class holds for its operations', () => {
      expect(at('GET /class/silent').security).to.deep.equal([{ ofClass: [] }]);
    });

    it('of a method is not merged with that of the class', () => {
      expect(at('GET /class/other').security).to.deep.equal([{ ofMethod: [] }]);
    });

    it('opens an operation of a secured class with an empty list', () => {
      expect(at('GET /class/open').security).to.deep.equal([]);
    });

    it('opens a guarded operation in the document with an empty list', () => {
      expect(at('GET /method/public').security).to.deep.equal([]);
    });

    it('wins over the guards, as an object', () => {
      expect(at('GET /method/object').security).to.deep.equal([{ apiKey: [] }]);
      expect(at('GET /method/stricter').security).to.deep.equal([{ OAuth2PasswordBearer: ['read', 'more'] }, {}]);
    });

    it('wins over the guards, as a function', () => {
      expect(at('GET /method/function').security).to.deep.equal([{ apiKey: [] }]);
      expect(at('GET /method/silent')).not.to.have.property('security');
    });

    it('may add to what is there, as a function', () => {
      expect(at('GET /method/added').security).to.deep.equal([{ OAuth2PasswordBearer: ['read'] }, { apiKey: [] }]);
      expect(at('GET /class/function').security).to.deep.equal([{ ofClass: [] }, { alternative: ['x'] }]);
    });

    it('comes in both forms on one class', () => {
      expect(at('GET /both/one')).to.deep.include({ security: [{ ofClass: [] }], summary: 'ONE' });
    });

    it('is left alone by words about something else', () => {
      expect(at('GET /method/described')).to.deep.include({
        security: [{ OAuth2PasswordBearer: ['read'] }],
        description: 'Said before',
      });
    });

    it('in a derived class wins over that of its base', () => {
      expect(at('GET /derived/plain')).to.deep.include({ security: [{ ofDerived: [] }], description: 'Derived' });
      expect(at('GET /derived/overridden')).to.deep.include({ security: [{ ofOverride: [] }], summary: 'Override' });
    });

    it('is inherited', () => {
      expect(at('GET /heir/plain')).to.deep.include({ security: [{ ofBase: [] }], description: 'Base' });
      expect(at('GET /heir/overridden')).to.deep.include({ security: [{ ofBaseMethod: [] }], summary: 'Base' });
      expect(at('GET /derived/open').security).to.deep.equal([]);
    });
  });

  describe('about responses', () => {
    it('changes the description and leaves the rest', () => {
      expect(at('GET /responses/description').responses[401]).to.deep.equal({
        description: 'Mine',
        content: LOGIN_ERROR,
      });
    });

    it('takes the place of a schema, and is not mixed with it', () => {
      expect(at('GET /responses/schema').responses[401]).to.deep.equal({
        description: 'Mine',
        content: { 'application/json': { schema: { type: 'object', title: 'Mine' } } },
      });
    });

    it('takes the place of the response where it is a reference', () => {
      expect(at('GET /responses/reference').responses[401]).to.deep.equal({ $ref: '#/components/responses/Mine' });
    });

    it('may change or take away what is there, as a function', () => {
      const { responses } = at('GET /responses/function');
      expect(responses).to.have.all.keys('200', '401');
      expect(responses[401].description).to.equal('Changed');
    });

    it('is @ResponseSchema too', () => {
      const { responses } = at('GET /responses/response-schema');
      expect(responses[401].content).to.deep.equal({
        'application/json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
      expect(responses[403].content).to.deep.equal(LOGIN_ERROR);
    });

    it('is @ResponseSchema of another content type, and two of them', () => {
      const { 403: forbidden } = at('GET /responses/response-schemas').responses;
      const { schema } = forbidden.content['application/problem+json'];
      expect(Object.keys(forbidden.content)).to.deep.equal(['application/problem+json']);
      expect(schema.oneOf).to.have.deep.members([
        { $ref: '#/components/schemas/Problem' },
        { $ref: '#/components/schemas/Other' },
      ]);
      expect(at('GET /text/response-schema').responses[401].content).to.have.all.keys('text/html; charset=utf-8');
    });
  });

  describe('about the body of a login', () => {
    const FORM = { schema: { $ref: '#/components/schemas/OAuth2PasswordRequestForm' } };

    it('takes the place of a schema', () => {
      expect(at('POST /login/body').requestBody.content).to.deep.equal({
        'application/x-www-form-urlencoded': FORM,
        'application/json': { schema: BODY },
      });
    });

    it('takes the place of the body where it is a reference', () => {
      expect(at('POST /login/reference').requestBody).to.deep.equal({ $ref: '#/components/requestBodies/Mine' });
    });

    it('adds a description', () => {
      const { description, content } = at('POST /login/described').requestBody;
      expect(description).to.equal('Who you are');
      expect(content).to.have.all.keys('application/x-www-form-urlencoded', 'application/json');
    });

    it('may give the answer another schema', () => {
      expect(at('POST /login/answer').responses[200].content).to.deep.equal({
        'application/json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    });
  });

  it('is not changed by making a document of it', () => {
    const before = structuredClone(shared);
    document();
    expect(shared).to.deep.equal(before);
  });

  it('makes a document that is valid in two validators', async () => {
    await expectValid(document());
  });
});
