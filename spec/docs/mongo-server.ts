import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** The functions of the driver's own BSON library. */
interface Bson {
  serialize(document: object): Uint8Array;
  deserialize(bytes: Uint8Array): Document;
}

// biome-ignore lint/suspicious/noExplicitAny: documents of any shape
type Document = Record<string, any>;

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;

/** What a driver asks first: a server that stands alone and knows this version of the protocol. */
const hello = {
  isWritablePrimary: true,
  ismaster: true,
  maxBsonObjectSize: 16e6,
  minWireVersion: 0,
  maxWireVersion: 21,
  ok: 1,
};

/** Serves collections by MongoDB's wire protocol, as far as a query by equal fields needs it. */
export async function startMongoServer(bson: Bson, collections: Record<string, Document[]>) {
  const answer = (command: Document): Document => {
    if (command.find === undefined) return hello;
    const found = (collections[command.find] ?? []).filter((row) =>
      Object.entries(command.filter as Document).every(([name, value]) => row[name] === value),
    );
    const firstBatch = command.limit ? found.slice(0, command.limit) : found;
    return { cursor: { id: 0n, ns: `test.${command.find}`, firstBatch }, ok: 1 };
  };

  const reply = (message: Buffer): Buffer => {
    const opCode = message.readInt32LE(12);
    if (opCode === OP_MSG) {
      const body = bson.serialize(answer(bson.deserialize(message.subarray(21))));
      return framed(message, OP_MSG, Buffer.concat([Buffer.alloc(5), body])); // no flags, one section of kind 0
    }
    if (opCode !== OP_QUERY) throw new Error(`MongoDB's operation ${opCode} is not served here`);
    const head = Buffer.alloc(20);
    head.writeInt32LE(1, 16); // one document
    return framed(message, OP_REPLY, Buffer.concat([head, bson.serialize(hello)]));
  };

  const server = createServer((socket) => readMessages(socket, (message) => socket.write(reply(message))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/test`, close: () => server.close() };
}

function framed(request: Buffer, opCode: number, body: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.writeInt32LE(16 + body.length, 0);
  head.writeInt32LE(request.readInt32LE(4), 8); // which request it answers
  head.writeInt32LE(opCode, 12);
  return Buffer.concat([head, body]);
}

function readMessages(socket: Socket, onMessage: (message: Buffer) => void): void {
  let received = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length >= 4 && received.length >= received.readInt32LE(0)) {
      const length = received.readInt32LE(0);
      onMessage(received.subarray(0, length));
      received = received.subarray(length);
    }
  });
}
