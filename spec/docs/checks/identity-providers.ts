import { expect } from 'chai';
import { ConfigurationError, type LoginManager } from 'routing-controllers-login';
import type { Check } from '../check';

const check: Check = async ({ realm, both, tenants, keys }) => {
  // they verify only
  for (const manager of [realm, keys] as LoginManager[])
    expect(() => manager.createAccessToken({ data: { sub: 'ada@example.com' } })).to.throw(ConfigurationError);

  // beside issuers the own secret makes and verifies tokens
  for (const manager of [both, tenants] as LoginManager[]) {
    const token = manager.createAccessToken({ data: { sub: 'ada@example.com' } });
    expect((await manager.verify(token)).sub).to.equal('ada@example.com');
  }

  // an issuer that nobody named is refused, and not asked
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = part({ iss: 'https://example.org', sub: 'ada@example.com', exp: 4e9 });
  const token = `${part({ alg: 'RS256', kid: 'a' })}.${claims}.${part({})}`;
  for (const manager of [both, tenants] as LoginManager[]) {
    const error = await manager.verify(token).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'token_invalid', cause: 'issuer' });
  }
};

export default check;
