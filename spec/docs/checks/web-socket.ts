import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { bearer, cookie, foreign } from '../../support/http';
import type { Check } from '../check';
import { urlOf } from '../trying';

/** What a handshake comes to: the open connection and its first message, or the status. */
function connect(url: string, headers: Record<string, string>) {
  return new Promise<{ socket?: WebSocket; said: string }>((resolve, reject) => {
    const socket = new WebSocket(url, { headers });
    socket.on('message', (data) => resolve({ socket, said: String(data) }));
    socket.on('unexpected-response', (request, { statusCode }) => {
      request.destroy();
      resolve({ said: String(statusCode) });
    });
    socket.on('error', reject);
  });
}

const check: Check = async ({ lm, server }) => {
  const url = urlOf(server).replace('http', 'ws');
  const scopes = ['notes:read'];
  const token = lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes });
  const said = async (headers: Record<string, string>) => {
    const answer = await connect(url, headers);
    answer.socket?.terminate();
    return answer.said;
  };

  expect(await said(bearer(token))).to.equal('Hello ada@example.com');
  expect(await said({ ...cookie(token), 'Sec-Fetch-Site': 'same-origin' })).to.equal('Hello ada@example.com');
  expect(await said({ ...cookie(token), Origin: urlOf(server) })).to.equal('Hello ada@example.com');

  // refusals, of foreign pages too
  expect(await said({ ...cookie(token), ...foreign })).to.equal('403');
  expect(await said({})).to.equal('401');
  expect(await said(bearer('a.b.c'))).to.equal('401');
  expect(await said(bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' } })))).to.equal('403');

  // it closes with the login
  const { setInterval } = globalThis;
  const ticks: (() => void)[] = [];
  globalThis.setInterval = ((tick: () => void) => {
    ticks.push(tick);
    return setInterval(() => undefined, 1e6);
  }) as never;
  const { socket } = await connect(url, bearer(token));
  globalThis.setInterval = setInterval;
  const closed = once(socket as WebSocket, 'close');
  for (const tick of ticks) tick();
  expect(socket?.readyState).to.equal(WebSocket.OPEN);
  await lm.revokeAll('ada@example.com');
  for (const tick of ticks) tick();
  expect((await closed)[0]).to.equal(4401);
};

export default check;
