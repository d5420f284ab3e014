import { createServer } from 'node:http';
import { expect } from 'chai';
import { rsa } from '../../support/keys';
import { McpClient } from '../../support/mcp-client';
import { OpenIdProvider } from '../../support/openid-provider';
import type { Check } from '../check';

const check: Check = async ({ app }) => {
  const { ISSUER = '', RESOURCE = '' } = process.env;
  await OpenIdProvider.start('first', rsa().privateKey, { port: Number(new URL(ISSUER).port) });
  const api = createServer(app);
  await new Promise<void>((resolve) => api.listen(Number(new URL(RESOURCE).port), '127.0.0.1', resolve));

  const client = new McpClient(RESOURCE);
  expect(await client.call('list_notes')).to.equal('the notes of ada@example.com');
  expect(await client.call('add_note')).to.equal('a new note of ada@example.com');
  expect(client.askedScopes).to.deep.equal(['notes:read', 'notes:read notes:write']);
  await client.close();
};

export default check;
