import { checkRequirement } from '../../../src/authorization/check-requirement';
import { parseScopes } from '../../../src/authorization/define-scopes';
import { RequestAnswers } from '../../../src/authorization/policy-answers';
import type { Access } from '../../../src/authorization/route-access';
import { CustomExceptions } from '../../../src/errors/custom-exceptions';
import type { TokenPayload } from '../../../src/jwt/token-payload';
import { DENIED_POLICY, MISSING_SUBJECT } from './builder';
import { type Hierarchy, type Implications, SCOPES, type Scope } from './description';
import type { Probe } from './probes';
import { definitionsOf } from './server';

/** A request as a check sees it. */
interface Case {
  readonly access: Access;
  readonly scopes: readonly string[];
  readonly login: Probe['login'];
  readonly denied: string;
  readonly missing: string;
  readonly implies: Implications;
}

/** Answers a request to a route without HTTP, with its status. */
export type Judge = (access: Access, probe: Probe, hierarchy: Hierarchy) => Promise<number>;

const exceptions = new CustomExceptions({
  realm: 'api',
  resourceMetadata: undefined,
  notAuthenticatedException: undefined,
  outOfScopeException: undefined,
});

async function check({ access, scopes, login, denied, missing, implies }: Case): Promise<number> {
  const now = Date.now();
  const request = { headers: { [DENIED_POLICY]: denied, [MISSING_SUBJECT]: missing } };
  const payload = { auth_time: Math.floor(now / 1000) - (login?.age ?? 0), acr: login?.acr } as unknown as TokenPayload;
  const withImplied = parseScopes(definitionsOf(SCOPES, implies))?.withImplied ?? ((given) => given);
  const error = await checkRequirement(
    { user: {}, token: '', payload, scopes: withImplied(scopes) },
    access.requirement,
    { request, response: {} },
    { exceptions, clock: () => now, answers: new RequestAnswers() },
  );
  return error?.status ?? 200;
}

/** The check, told something else about a request, or about its answer. */
const told =
  (
    change: (one: Case) => Case = (one) => one,
    changeAnswer: (status: number, one: Case) => number = (status) => status,
  ): Judge =>
  async (access, { scopes, login, denied = '', missing = '' }, { implies }) => {
    if (access.isPublic) return 200;
    if (!scopes) return 401;
    const one = change({ access, scopes, login, denied, missing, implies });
    return changeAnswer(await check(one), one);
  };

/** The check itself. */
export const judge = told();

const withImplications = (change: (implies: Implications) => Implications) =>
  told((one) => ({ ...one, implies: change(one.implies) }));

const entriesOf = (implies: Implications) => Object.entries(implies) as [Scope, readonly Scope[]][];

/** What each of them forgets or does wrong; the hierarchy is resolved as it should be. */
export const mutantJudges: Record<string, Judge> = {
  'implied scopes are ignored': withImplications(() => ({})),
  'only the first implied scope counts': withImplications((implies) =>
    Object.fromEntries(entriesOf(implies).map(([scope, others]) => [scope, others.slice(0, 1)])),
  ),
  'what an implied scope implies is ignored': told((one) => ({
    ...one,
    scopes: [...new Set(one.scopes.flatMap((scope) => [scope, ...(one.implies[scope as Scope] ?? [])]))],
    implies: {},
  })),
  'scopes are implied the other way round': withImplications((implies) =>
    Object.fromEntries(
      SCOPES.map((scope) => [
        scope,
        entriesOf(implies).flatMap(([by, others]) => (others.includes(scope) ? [by] : [])),
      ]),
    ),
  ),
  'a subject that is missing is there': told((one) => ({ ...one, missing: '' })),
  'a subject that is missing is a policy that refuses': told(undefined, (status, { missing }) =>
    status === 404 && missing !== '' ? 403 : status,
  ),
  'a subject that is missing lets everybody pass': told(undefined, (status, { missing }) =>
    status === 404 && missing !== '' ? 200 : status,
  ),
  'a subject that nobody asks about has to be there': told(undefined, (status, { missing }) =>
    status === 200 && missing !== '' ? 404 : status,
  ),
  'a hidden subject is told by its refusal': told(undefined, (status, { missing }) =>
    status === 404 && missing === '' ? 403 : status,
  ),
  'a policy that refuses hides what is not hidden': told(undefined, (status, { denied }) =>
    status === 403 && denied !== '' ? 404 : status,
  ),
  'a policy that refuses is not asked': told((one) => ({ ...one, denied: '' })),
};
