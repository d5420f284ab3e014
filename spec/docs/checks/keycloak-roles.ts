import { expect } from 'chai';
import { loginAs } from 'routing-controllers-login/testing';
import { keycloak } from '../../support/provider-tokens';
import type { Check } from '../check';

const check: Check = async ({ byRoles, rolesOf }) => {
  expect(rolesOf(keycloak.claims)).to.deep.equal(['notes:read']);
  const { typ, resource_access } = keycloak.claims;
  const { Authorization = '' } = loginAs(byRoles, 'ada', { data: { typ, resource_access } });
  const token = Authorization.slice('Bearer '.length);
  expect(await byRoles.hasScopes(token, 'notes:read')).to.equal(true);
  expect(await byRoles.hasScopes(token, 'notes:write')).to.equal(false);
};

export default check;
