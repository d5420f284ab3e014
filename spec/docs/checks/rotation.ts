import { generateKeyPairSync } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { LoginManager } from 'routing-controllers-login';
import type { Check } from '../check';
import { headerOf } from '../trying';

const keyNamed = (kid: string) => ({ ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }), kid });

/** Goes through the steps of the page with two servers, one always a step behind, and a verifier that fetches the keys. */
const check: Check = async ({ createApp }) => {
  const [before, next] = [keyNamed('old'), keyNamed('new')];
  const steps = [[before], [before, next], [next, before], [next]].map((keys) => createApp(JSON.stringify(keys)));

  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let now = Date.now();
  const verifier = new LoginManager({ jwksUri: `http://127.0.0.1:${port}/.well-known/jwks.json` }, null, {
    issuer: 'https://login.example.com',
    audience: 'https://api.example.com/notes',
    clock: () => now,
  });
  const accepts = (manager: LoginManager, token: string) =>
    manager.verify(token).then(
      () => true,
      () => false,
    );
  const tokenOf = ({ lm }: { lm: LoginManager }) =>
    lm.createAccessToken({ data: { sub: 'ada@example.com' }, expires: '1h' });

  const tokens: string[] = [];
  for (const [index, step] of steps.entries()) {
    server.removeAllListeners('request').on('request', step.app as RequestListener);
    const behind = steps[Math.max(0, index - 1)] as typeof step;
    const issued = [tokenOf(behind), tokenOf(step)];
    // those of the old key have expired before the last step
    if (index < 3) tokens.push(...issued);
    else tokens.splice(0, tokens.length, ...issued);
    for (const token of tokens) {
      for (const manager of [behind.lm, step.lm, verifier])
        expect(await accepts(manager, token), `step ${index}, a token of ${headerOf(token).kid}`).to.equal(true);
    }
    now += 300_000; // five minutes
  }
  expect(tokens.map((token) => headerOf(token).kid)).to.deep.equal(['new', 'new']);

  // the old key has gone, here and at the verifier
  const leaked = tokenOf(steps[0] as (typeof steps)[number]);
  expect(await accepts(steps[3].lm, leaked)).to.equal(false);
  await accepts(verifier, leaked); // has it look again
  expect(await accepts(verifier, leaked)).to.equal(false);
  server.closeAllConnections();
  server.close();
};

export default check;
