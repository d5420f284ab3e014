import { createServer, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { InvalidRequestError } from '../../src/errors/oauth2-error';
import { readFormFields } from '../../src/http/form-body';
import { closeServers, listen } from '../support/servers';

const HEAD = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ';

/** What comes of reading a request that ends, or breaks off, after this text. */
async function outcomeOf(text: string, breaksOff: boolean, read: (message: IncomingMessage) => Promise<unknown>) {
  return new Promise<unknown>((resolve) => {
    const server = createServer((message) => resolve(read(message).catch((error) => error)));
    listen(server).then(({ url }) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(HEAD + text, () => setImmediate(() => breaksOff && socket.destroy()));
    });
  });
}

describe('the fields of a body', () => {
  afterEach(closeServers);

  it('cannot be read twice', async () => {
    const outcome = await outcomeOf('3\r\n\r\na=b', false, async (message) => {
      expect(await readFormFields(message, undefined)).to.deep.equal({ a: 'b' });
      return readFormFields(message, undefined);
    });
    expect(outcome).to.be.instanceOf(InvalidRequestError).with.property('message', 'The body has been read already');
  });

  it('cannot be read of a request that breaks off', async () => {
    const outcome = await outcomeOf('100\r\n\r\nusername=ada', true, (message) => readFormFields(message, undefined));
    expect(outcome).to.be.instanceOf(InvalidRequestError).with.property('message', 'The body could not be read');
  });
});
