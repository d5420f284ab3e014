import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { CrossOriginError } from '../../src/errors/cross-origin-error';
import type { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie } from '../support/http';
import { type App, createApp, type Framework, frameworks, trustProxy } from '../support/servers';

/** Serves WebSockets beside an application, as `ws` documents it, to whoever is logged in. */
async function serve(manager: LoginManager<Account>, app: App): Promise<Server> {
  const server = createServer(app.callback?.() ?? app);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', async (request: IncomingMessage, socket, head) => {
    try {
      const { user } = await manager.authenticate(request);
      sockets.handleUpgrade(request, socket, head, (opened) => opened.send(user.email));
    } catch (error) {
      const { httpCode, code } = error as CrossOriginError;
      socket.end(`HTTP/1.1 ${httpCode} Refused\r\nX-Code: ${code}\r\nConnection: close\r\n\r\n`);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** What a handshake comes to: the first message, or the status and the code of the refusal. */
function connect(server: Server, headers: Record<string, string>): Promise<string> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/live`, { headers });
    socket.on('message', (data: RawData) => {
      resolve(String(data));
      socket.close();
    });
    socket.on('unexpected-response', (request, response) => {
      resolve(`${response.statusCode} ${response.headers['x-code']}`);
      request.destroy();
    });
    socket.on('error', reject);
  });
}

const foreign: Record<string, Record<string, string>> = {
  'of another site': { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
  'of another site in an older browser': { Origin: 'https://evil.example' },
  'of another host of the site': { 'Sec-Fetch-Site': 'same-site', Origin: 'http://other.example.com' },
  'without an origin of its own': { Origin: 'null' },
};

describe('a WebSocket handshake', () => {
  for (const framework of frameworks) {
    describe(`beside ${framework}`, () => {
      let server: Server;
      const manager = managerOf({
        useCookie: true,
        trustedOrigins: ['https://app.example.com', 'capacitor://localhost'],
      });
      const token = tokenOf(manager);

      before(async () => {
        server = await serve(manager, createApp(framework as Framework));
      });
      after(() => {
        server.closeAllConnections();
        server.close();
      });

      for (const [name, headers] of Object.entries(foreign)) {
        it(`with the cookie is refused from a page ${name} (RFC 6455 §10.2)`, async () => {
          expect(await connect(server, { ...cookie(token), ...headers })).to.equal('403 cross_origin');
        });
      }

      it('with the cookie is accepted from the own page, a trusted one, and a client that is no browser', async () => {
        const { port } = server.address() as AddressInfo;
        for (const headers of <Record<string, string>[]>[
          { Origin: `http://127.0.0.1:${port}` },
          { 'Sec-Fetch-Site': 'same-origin' },
          { Origin: 'https://app.example.com' },
          { Origin: 'capacitor://localhost' },
          {},
        ]) {
          expect(await connect(server, { ...cookie(token), ...headers })).to.equal('ada@example.com');
        }
      });

      it('with the token in its header is accepted from everywhere', async () => {
        expect(await connect(server, { ...bearer(token), Origin: 'https://evil.example' })).to.equal('ada@example.com');
      });

      it('with a bad token is 401, and without one too', async () => {
        expect(await connect(server, cookie('garbage'))).to.equal('401 token_invalid');
        expect(await connect(server, {})).to.equal('401 token_missing');
      });
    });
  }

  for (const framework of ['Express 5', 'Express 4'] as const) {
    it(`behind a proxy that ${framework} trusts is held to the origin that the proxy was asked for`, async () => {
      const manager = managerOf({ useCookie: true });
      const forwarded = { 'X-Forwarded-Host': 'app.example.com', 'X-Forwarded-Proto': 'https' };
      const app = createApp(framework);
      trustProxy(app);
      const server = await serve(manager, app);
      const from = (Origin: string) => connect(server, { ...cookie(tokenOf(manager)), ...forwarded, Origin });
      expect(await from('https://app.example.com')).to.equal('ada@example.com');
      expect(await from('https://evil.example')).to.equal('403 cross_origin');
      server.close();
    });
  }
});
