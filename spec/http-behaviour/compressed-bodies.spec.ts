import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Authorized, Body, JsonController, Post } from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { bearer } from '../support/http';
import { onEachSecureServer } from '../support/servers';
import { silencingStderr } from '../support/stderr';

const COMPRESS: Record<string, (body: string) => Buffer> = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};

describe('a compressed body', () => {
  silencingStderr();

  onEachSecureServer((start, framework) => {
    const encodings =
      framework === 'Express 5' || framework === 'Express 4' ? ['gzip', 'deflate'] : Object.keys(COMPRESS);

    async function serve() {
      @JsonController()
      class Notes {
        @Authorized()
        @Post('/notes')
        write(@Body() body: object) {
          return { body };
        }
      }
      const manager = managerOf();
      const { client } = await start({ manager, controllers: [Notes] });
      return (encoding: string, body: Buffer) =>
        client
          .post('/notes')
          .set({ ...bearer(tokenOf(manager)), 'Content-Type': 'application/json', 'Content-Encoding': encoding })
          .serialize((bytes) => bytes)
          .send(body as never);
    }

    it('is read', async () => {
      const send = await serve();
      for (const encoding of encodings) {
        const { status, body } = await send(encoding, (COMPRESS[encoding] as (typeof COMPRESS)[string])('{"a":1}'));
        expect([status, body], encoding).to.deep.equal([200, { body: { a: 1 } }]);
      }
    });

    it('that cannot be decompressed is the fault of the client', async () => {
      const send = await serve();
      for (const encoding of encodings) {
        const whole = (COMPRESS[encoding] as (typeof COMPRESS)[string])('{"a":1}');
        for (const body of [Buffer.from('{"a":1}'), whole.subarray(0, -3), Buffer.alloc(20)]) {
          expect((await send(encoding, body)).status, encoding).to.equal(400);
        }
      }
    });
  });
});
