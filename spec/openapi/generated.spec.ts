import { expect } from 'chai';
import { IsInt, IsString } from 'class-validator';
import {
  Authorized,
  Body,
  BodyParam,
  ContentType,
  Controller,
  Delete,
  Get,
  HeaderParam,
  HttpCode,
  JsonController,
  Param,
  Patch,
  Post,
  Put,
  QueryParam,
  QueryParams,
  UploadedFile,
} from 'routing-controllers';
import { OpenAPI, ResponseSchema, routingControllersToSpec } from 'routing-controllers-openapi';
import { type OpenApiDocument, securedSpec } from '../../src/openapi/index';
import { managerOf } from '../support/accounts';
import { expectValid, type Json, operationsIn, storageOf } from './documents';

class NoteDraft {
  @IsString()
  text!: string;
}

class NoteFilter {
  @IsInt()
  limit!: number;
}

@OpenAPI({ tags: ['notes'] })
@JsonController('/notes')
class Notes {
  @Get()
  @ResponseSchema(NoteDraft, { isArray: true })
  list(@QueryParams() filter: NoteFilter, @HeaderParam('X-Trace') trace: string) {
    return { filter, trace };
  }

  @Get('/:id')
  @OpenAPI({ description: 'One of them', responses: { 404: { description: 'There is none' } } })
  one(@Param('id') id: number, @QueryParam('full') full: boolean) {
    return { id, full };
  }

  @HttpCode(201)
  @Post()
  create(@Body({ required: true }) draft: NoteDraft) {
    return draft;
  }

  @Put('/:id')
  replace(@Param('id') id: string, @BodyParam('text', { required: true }) text: string) {
    return { id, text };
  }

  @OpenAPI((operation) => ({ ...operation, deprecated: true }))
  @Patch('/:id')
  change(@Param('id') id: string, @Body() drafts: NoteDraft[]) {
    return { id, drafts };
  }

  @Delete('/:id')
  remove() {
    return {};
  }

  @Post('/picture')
  picture(@UploadedFile('picture', { required: true }) picture: unknown) {
    return { picture };
  }
}

@Controller('/pages')
class Pages {
  @Get()
  page() {
    return '<p>';
  }

  @ContentType('text/csv')
  @Get('/table')
  table() {
    return 'a,b';
  }
}

@Authorized('staff')
@JsonController('/bills')
class Bills {
  @Get()
  list(@QueryParam('year') year: number) {
    return { year };
  }

  @Authorized(() => true)
  @Post('/:id')
  pay(@Param('id') id: string, @Body() draft: NoteDraft) {
    return { id, draft };
  }
}

const additional = (): Partial<OpenApiDocument> => ({
  info: { title: 'Notes', version: '2.0.0' },
  servers: [{ url: 'https://notes.example.com' }],
  components: {
    schemas: {
      NoteDraft: { type: 'object', properties: { text: { type: 'string' } } },
      NoteFilter: { type: 'object', properties: { limit: { type: 'integer' } }, required: ['limit'] },
    },
  },
});

describe('the document', () => {
  const manager = managerOf({ useCookie: true });
  const open = [Notes, Pages];

  it('is what the generator makes, and the security schemes, where nothing is guarded', () => {
    const { components, ...rest } = securedSpec(
      manager,
      storageOf(...open),
      { controllers: open },
      additional(),
    ) as Json;
    const { securitySchemes, ...others } = components;
    expect({ ...rest, components: others }).to.deep.equal(
      routingControllersToSpec(storageOf(...open), { controllers: open }, additional()),
    );
    expect(Object.keys(securitySchemes)).to.deep.equal(['OAuth2PasswordBearer', 'cookieAuth']);
  });

  it('differs from what the generator makes in security and refusals alone, where something is guarded', () => {
    const document = securedSpec(manager, storageOf(Bills), {}, additional()) as Json;
    for (const [, operation] of operationsIn(document)) {
      for (const name of ['security', 'description']) delete operation[name];
      for (const status of ['401', '403']) delete operation.responses[status];
    }
    for (const name of ['securitySchemes']) delete document.components[name];
    delete document.components.schemas.LoginError;
    expect(document).to.deep.equal(routingControllersToSpec(storageOf(Bills), {}, additional()));
  });

  it('has the prefix of all routes', () => {
    const options = { routePrefix: '/api' };
    const { paths } = securedSpec(manager, storageOf(...open), options) as Json;
    expect(Object.keys(paths)).to.have.members(
      Object.keys(routingControllersToSpec(storageOf(...open), options, additional()).paths),
    );
  });

  it('knows which parameters are required by default', () => {
    const options = { defaults: { paramOptions: { required: true } } };
    const { paths } = securedSpec(manager, storageOf(...open), options, additional()) as Json;
    expect(paths).to.deep.equal(routingControllersToSpec(storageOf(...open), options, additional()).paths);
  });

  it('has the controllers that the server was given, and all where they are named by their files', () => {
    const storage = storageOf(Notes, Pages, Bills);
    const pathsOf = (controllers: Json) =>
      Object.keys((securedSpec(manager, storage, { controllers }) as Json).paths).map((path) => path.split('/')[1]);
    expect(new Set(pathsOf([Pages]))).to.deep.equal(new Set(['pages']));
    expect(new Set(pathsOf(['./controllers/*.js']))).to.deep.equal(new Set(['notes', 'pages', 'bills']));
    expect(new Set(pathsOf(undefined))).to.deep.equal(new Set(['notes', 'pages', 'bills']));
  });

  it('is valid in two validators', async () => {
    await expectValid(securedSpec(manager, storageOf(Notes, Pages, Bills), {}, additional()));
    await expectValid(securedSpec(managerOf({ defaultAccess: 'authenticated' }), storageOf(Notes, Pages, Bills)));
  });

  it('changes nothing that it is given', () => {
    const storage = storageOf(Notes, Pages, Bills);
    const options = { controllers: [Bills, Notes], routePrefix: '/api' };
    const given = additional();
    const before = [{ ...storage, params: [...storage.params] }, { ...options }, structuredClone(given)];
    securedSpec(manager, storage, options, given);
    expect([{ ...storage }, { ...options }, given]).to.deep.equal(before);
    Object.freeze(options);
    expect(() => securedSpec(manager, storage, options, given)).not.to.throw();
  });

  it('is made anew each time', () => {
    const make = () => securedSpec(manager, storageOf(Bills), {}, additional()) as Json;
    const first = make();
    first.paths['/bills'].get.security.push('changed');
    first.components.schemas.LoginError.properties.code.type = 'changed';
    first.components.securitySchemes.OAuth2PasswordBearer.flows.password.tokenUrl = 'changed';
    expect(JSON.stringify(make())).not.to.contain('changed');
  });
});
