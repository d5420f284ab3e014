import { expect } from 'chai';
import { Authorized, JsonController, Post, UploadedFile, UploadedFiles } from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const part = (name: string, content = 'hello') =>
  `--X\r\nContent-Disposition: form-data; name="${name}"; filename="a.txt"\r\n\r\n${content}\r\n`;

const MULTIPART = 'multipart/form-data; boundary=X';

/** A type, a body, and the status that says whose fault it is. */
const faulty: Record<string, [type: string, body: string, status: number]> = {
  'without an end': [MULTIPART, part('file'), 400],
  'without a boundary': ['multipart/form-data', part('file'), 400],
  'of another kind of multipart': ['multipart/mixed; boundary=X', part('file'), 400],
  'with a malformed part': [MULTIPART, '--X\r\nbad\r\n\r\n\r\n--X--\r\n', 400],
  'with a file that the route does not know': [MULTIPART, `${part('other')}--X--\r\n`, 400],
  'with a file that is too large': [MULTIPART, `${part('file', 'x'.repeat(101))}--X--\r\n`, 413],
};

interface StoredFile {
  readonly size: number;
}

describe('an upload', () => {
  silencingStderr();

  onEachSecureServer((start) => {
    async function serve() {
      const small = { options: { limits: { fileSize: 100 } } };
      const failing = { options: { storage: { _handleFile: failStorage, _removeFile: failStorage } } };

      @JsonController()
      class Files {
        @Authorized()
        @Post('/file')
        one(@UploadedFile('file', small) file: StoredFile | undefined) {
          return { size: file?.size ?? null };
        }

        @Authorized()
        @Post('/files')
        several(@UploadedFiles('file', small) files: readonly StoredFile[]) {
          return { sizes: files.map(({ size }) => size) };
        }

        @Authorized()
        @Post('/failing')
        failing(@UploadedFile('file', failing) _file: unknown) {
          return {};
        }
      }
      const manager = managerOf();
      const { client } = await start({ manager, controllers: [Files] });
      return (path: string, type: string, body: string) =>
        client
          .post(path)
          .set({ ...bearer(tokenOf(manager)), 'Content-Type': type })
          .send(body);
    }

    it('reaches its parameter', async () => {
      const send = await serve();
      const { body: one } = await send('/file', MULTIPART, `${part('file')}--X--\r\n`);
      expect(one).to.deep.equal({ size: 5 });
      const { body: several } = await send('/files', MULTIPART, `${part('file')}${part('file', 'x')}--X--\r\n`);
      expect(several).to.deep.equal({ sizes: [5, 1] });
    });

    for (const [what, [type, body, status]] of Object.entries(faulty)) {
      it(`${what} is the fault of the client`, async () => {
        const send = await serve();
        for (const path of ['/file', '/files']) {
          expect((await send(path, type, body)).status, path).to.equal(status);
        }
      });
    }

    it('that its storage fails to keep is the fault of the server', async () => {
      const send = await serve();
      expect((await send('/failing', MULTIPART, `${part('file')}--X--\r\n`)).status).to.equal(500);
    });
  });
});

function failStorage(_request: unknown, _file: unknown, done: (error: Error) => void): void {
  done(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' }));
}
