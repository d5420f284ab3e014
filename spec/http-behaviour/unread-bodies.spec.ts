import { expect } from 'chai';
import { Authorized, Body, JsonController, Post, UploadedFile, UseBefore } from 'routing-controllers';
import { Public } from '../../src/authorization/public';
import { PasswordForm } from '../../src/oauth2/password-form';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { sendRaw } from '../support/raw-request';
import type { App } from '../support/servers';
import { onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';
import '../support/quiet-lost-guards';

class OwnClass {
  use(...args: App[]): unknown {
    return args.at(-1)();
  }
}

class Base {
  @Post('/body')
  body(@Body() body: object) {
    return { body };
  }

  @Post('/upload')
  upload(@UploadedFile('file') _file: object) {
    return {};
  }

  @UseBefore(OwnClass)
  @Post('/own')
  own(@Body() body: object) {
    return { body };
  }

  @Authorized('read')
  @Post('/form')
  form(@PasswordForm() form: object) {
    return form;
  }
}

@JsonController()
class Derived extends Base {
  @Public()
  @Post('/public')
  public(@Body() body: object) {
    return { body };
  }
}

const multipart = 'multipart/form-data; boundary=X';
const part = '--X\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello';

/** Bodies that take for ever to read, or cannot be read: who waits for them, or looks at them, does not answer 401. */
const bodies: Record<string, { type: string; length: number | 'chunked'; body: string; paths: string[] }> = {
  'a malformed one': { type: 'application/json', length: 4, body: '{bad', paths: ['/body', '/own'] },
  'a huge one, of which nothing has come': {
    type: 'application/json',
    length: 1e12,
    body: '',
    paths: ['/body', '/own', '/form'],
  },
  'one of which nothing has come': {
    type: 'application/json',
    length: 20,
    body: '',
    paths: ['/body', '/own', '/form'],
  },
  'one that breaks off': { type: 'application/json', length: 20, body: '{"text":', paths: ['/body', '/own', '/form'] },
  'a form that breaks off': {
    type: 'application/x-www-form-urlencoded',
    length: 20,
    body: 'user',
    paths: ['/body', '/form'],
  },
  'chunks without end': { type: 'application/json', length: 'chunked', body: '1\r\n{\r\n', paths: ['/body', '/own'] },
  'an upload of which nothing has come': { type: multipart, length: 1e12, body: '', paths: ['/upload'] },
  'an upload that breaks off': { type: multipart, length: 1000, body: part, paths: ['/upload', '/body'] },
  'a malformed upload': { type: 'multipart/form-data', length: 4, body: 'junk', paths: ['/upload'] },
};

describe('a body is not read before its sender is let in:', () => {
  silencingStderr();

  onEachSecureServer((start) => {
    const manager = managerOf({ defaultAccess: 'authenticated' });

    for (const [name, { type, length, body, paths }] of Object.entries(bodies)) {
      const size: Record<string, string> =
        length === 'chunked' ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': `${length}` };
      for (const path of paths) {
        it(`${name}, to ${path}, is 401 at once`, async () => {
          const { url } = await start({ manager, controllers: [Derived] });
          const answer = await sendRaw(url, `POST ${path}`, { 'Content-Type': type, ...size }, body);
          expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="api"']);
        });
      }

      it(`${name}, with a bad token, is 401 at once`, async () => {
        const { url } = await start({ manager, controllers: [Derived] });
        const headers = { 'Content-Type': type, ...size, ...bearer('garbage') };
        expect((await sendRaw(url, `POST ${paths[0]}`, headers, body)).status).to.equal(401);
      });
    }

    it('one that breaks off, of somebody who lacks the scope, is 403 at once', async () => {
      const { url } = await start({ manager, controllers: [Derived] });
      const headers = { 'Content-Type': 'application/json', 'Content-Length': '20', ...bearer(tokenOf(manager)) };
      expect((await sendRaw(url, 'POST /form', headers, '{')).status).to.equal(403);
    });

    it('a malformed one of somebody who is let in is 400, as ever', async () => {
      const { client } = await start({ manager, controllers: [Derived] });
      const { status } = await client
        .post('/body')
        .set(bearer(tokenOf(manager)))
        .type('json')
        .send('{bad');
      expect(status).to.equal(400);
    });

    it('a malformed one to a public route is 400, as ever', async () => {
      const { client } = await start({ manager, controllers: [Derived] });
      expect((await client.post('/public').type('json').send('{bad')).status).to.equal(400);
    });
  });
});
