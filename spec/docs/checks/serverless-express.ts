import { expect } from 'chai';
import { bearer } from '../../support/http';
import type { Check } from '../check';

const check: Check = async ({ handler, lm }) => {
  const send = async (sent: Record<string, string>) => {
    const headers = { Host: 'app.example.com', ...sent };
    const { statusCode, body } = await handler(
      {
        httpMethod: 'GET',
        path: '/notes',
        resource: '/notes',
        headers,
        multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
        requestContext: {},
        body: null,
        isBase64Encoded: false,
      },
      {},
    );
    return [statusCode, JSON.parse(body)];
  };
  const login = (...scopes: string[]) => bearer(lm.createAccessToken({ data: { sub: 'ada@example.com' }, scopes }));
  expect(await send(login('notes:read'))).to.deep.equal([200, ['a note of ada@example.com']]);
  expect((await send(login()))[0]).to.equal(403);
  expect((await send({}))[0]).to.equal(401);
};

export default check;
