// Runs a server with the class-validator that its argument names, and prints what it answers and which schemas are made.
import 'reflect-metadata';
import Module, { createRequire } from 'node:module';

const [, , validator = ''] = process.argv;
const loader = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
const resolve = loader._resolveFilename;
loader._resolveFilename = function (request, ...rest) {
  return resolve.call(this, request.replace(/^class-validator(?=$|\/)/, validator), ...rest);
};

async function main(): Promise<void> {
  const { IsInt } = await import('class-validator');
  const { version } = createRequire(__filename)('class-validator/package.json') as { version: string };
  const { validationMetadatasToSchemas } = await import('class-validator-jsonschema');
  const { default: express } = await import('express');
  const { Body, JsonController, Post } = await import('routing-controllers');
  const { default: supertest } = await import('supertest');
  const { LoginManager } = await import('../../src/manager/login-manager.js');
  const { PasswordForm } = await import('../../src/oauth2/password-form.js');
  const { OAuth2PasswordRequestForm } = await import('../../src/oauth2/password-request-form.js');

  class Note {
    @IsInt()
    number!: number;
  }

  @JsonController()
  class Notes {
    @Post('/login')
    login(@PasswordForm() form: InstanceType<typeof OAuth2PasswordRequestForm>) {
      return { username: form.username, isForm: form instanceof OAuth2PasswordRequestForm };
    }

    @Post('/notes')
    create(@Body() note: Note) {
      return note;
    }
  }

  const manager = new LoginManager('a secret of forty bytes, made for specs.', '/login');
  const client = supertest(manager.useExpressServer(express(), { controllers: [Notes] }));
  const login = await client.post('/login').type('form').send({ username: 'ada', password: 'x' });
  const refused = await client.post('/login').type('form').send({ username: 'ada' });
  const [good, bad] = [
    await client.post('/notes').send({ number: 1 }),
    await client.post('/notes').send({ number: 'x' }),
  ];
  console.log(
    JSON.stringify({
      version: version.split('.').slice(0, 2).join('.'),
      login: login.body,
      refused: refused.body,
      statuses: [login, refused, good, bad].map(({ status }) => status),
      schemas: Object.keys(validationMetadatasToSchemas()),
    }),
  );
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
