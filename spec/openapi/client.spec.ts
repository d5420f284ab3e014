import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { IsString } from 'class-validator';
import { validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { Authorized, Body, CurrentUser, Get, HttpCode, JsonController, Post } from 'routing-controllers';
import { ResponseSchema } from 'routing-controllers-openapi';
import { InvalidGrantError } from '../../src/errors/oauth2-error';
import { grantScopes } from '../../src/oauth2/grant-scopes';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { type Account, managerOf } from '../support/accounts';
import { onEachSecureServer } from '../support/servers';
import { documentOf, type Json } from './documents';

const manager = managerOf({ scopes: { 'notes:read': 'Read notes', 'notes:write': 'Write notes' } });

class ClientNote {
  @IsString()
  text!: string;
}

@JsonController()
class Notes {
  @Post('/login')
  async login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    if (form.password !== 'correct horse') throw new InvalidGrantError('Wrong username or password');
    const scopes = grantScopes(form.scopes, ['notes:read', 'notes:write']);
    return manager.createTokenResponse({ data: { sub: form.username }, scopes });
  }

  @ResponseSchema(ClientNote, { isArray: true })
  @Authorized('notes:read')
  @Get('/notes')
  list(@CurrentUser() account: Account) {
    return [{ text: `a note of ${account.email}` }];
  }

  @ResponseSchema(ClientNote)
  @Authorized('notes:write')
  @HttpCode(201)
  @Post('/notes')
  create(@Body({ required: true }) note: ClientNote) {
    return note;
  }
}

/** What somebody would write who has the document alone. What must not compile says so. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './document.js';

const credentials = { username: 'ada@example.com', password: 'correct horse' };
const asForm = (body: Record<string, string>) => new URLSearchParams(body);

export async function run(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });

  const refused = await client.GET('/notes');
  const refusal: string | undefined = refused.error?.code;

  const wrong = await client.POST('/login', { body: { ...credentials, password: 'hunter2' } });
  const reason: string | undefined = wrong.error?.error;

  const login = await client.POST('/login', {
    body: { ...credentials, scope: 'notes:read' },
    bodySerializer: asForm,
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  });
  if (!login.data) throw new Error(login.error.error_description);
  const token: string = login.data.access_token;
  const lifetime: number = login.data.expires_in;
  const type: 'bearer' = login.data.token_type;
  const headers = { Authorization: \`Bearer \${token}\` };

  const notes = await client.GET('/notes', { headers });
  const texts: string[] | undefined = notes.data?.map((note) => note.text);

  const forbidden = await client.POST('/notes', { headers, body: { text: 'new' } });
  const lacking: string | undefined = forbidden.error?.code;

  const writer = await client.POST('/login', { body: credentials });
  const created = await client.POST('/notes', {
    headers: { Authorization: \`Bearer \${writer.data?.access_token}\` },
    body: { text: 'new' },
  });
  const written: string | undefined = created.data?.text;

  return { refusal, reason, lifetime, type, texts, lacking, written };
}

export function wrongUsage(baseUrl: string) {
  const client = createClient<paths>({ baseUrl });
  // @ts-expect-error: there is no such path
  client.GET('/note');
  // @ts-expect-error: nor such a method
  client.DELETE('/notes');
  // @ts-expect-error: the password is missing
  client.POST('/login', { body: { username: 'ada' } });
  // @ts-expect-error: another grant
  client.POST('/login', { body: { ...credentials, grant_type: 'client_credentials' } });
  // @ts-expect-error: a note has a text
  client.POST('/notes', { body: { title: 'new' } });
  // @ts-expect-error: a token response has no such field
  client.POST('/login', { body: credentials }).then(({ data }) => data?.token);
  // @ts-expect-error: an error of a login has another shape than a refusal
  client.POST('/login', { body: credentials }).then(({ error }) => error?.code);
}
`;

const CONFIG = {
  compilerOptions: {
    target: 'ES2022',
    lib: ['ES2022', 'DOM', 'DOM.Iterable'],
    module: 'nodenext',
    strict: true,
    skipLibCheck: true,
    types: [],
  },
  include: ['*.mts'],
};

describe('a client that is generated of the document', function () {
  this.timeout(60_000);
  this.slow(20_000);

  // Inside the project, so that the program finds its packages.
  const folder = path.resolve(__dirname, 'client-of-the-document');
  const program = path.join(folder, 'program.mjs');
  let document: Json;

  before(() => {
    const schemas = validationMetadatasToSchemas() as Json;
    document = documentOf({ manager, controllers: [Notes], with: { components: { schemas } } });
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
    writeFileSync(path.join(folder, 'document.d.ts'), typesOf(document));
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('compiles, and wrong usage does not', () => {
    expect(compile(PROGRAM)).to.equal('');
    expect(compile(PROGRAM.replaceAll(/\/\/ @ts-expect-error.*/g, '')).match(/error TS/g)).to.have.lengthOf(7);
    expect(compile(PROGRAM)).to.equal('');
  });

  onEachSecureServer(
    (start) => {
      it('logs in and calls closed operations', async () => {
        const { url } = await start({ manager, controllers: [Notes] });
        const { run } = await import(pathToFileURL(program).href);
        expect(await run(url)).to.deep.equal({
          refusal: 'token_missing',
          reason: 'invalid_grant',
          lifetime: 900,
          type: 'bearer',
          texts: ['a note of ada@example.com'],
          lacking: 'insufficient_scope',
          written: 'new',
        });
      });
    },
    ['Express 5', 'Koa'],
  );

  function compile(source: string): string {
    writeFileSync(path.join(folder, 'program.mts'), source);
    const compiler = path.join(path.dirname(createRequire(__filename).resolve('typescript/package.json')), 'bin/tsc');
    const { stdout, stderr } = spawnSync(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  }
});

function typesOf(document: Json): string {
  const generator = path.join(__dirname, 'openapi-typescript.fixture.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [generator], {
    encoding: 'utf8',
    input: JSON.stringify(document),
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}
