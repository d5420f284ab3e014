import jwt from 'jsonwebtoken';
import type { NotAuthenticatedCode } from '../../src/errors/not-authenticated-error';
import { SECRET } from './accounts';
import { TestClock } from './clock';

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The time at which {@link badTokens} are what their names say. */
export const clock = new TestClock();

const exp = clock.now / 1000 + 60;
const sub = 'ada@example.com';
const good = jwt.sign({ sub, exp }, SECRET);

/** Tokens of every kind that no user can be established with, and the reason. */
export const badTokens: Record<string, { token: string; code: NotAuthenticatedCode }> = {
  'an expired token': { token: jwt.sign({ sub, exp: exp - 60 }, SECRET), code: 'token_expired' },
  'a token of an unknown user': { token: jwt.sign({ sub: 'eve@example.com', exp }, SECRET), code: 'user_unknown' },
  'a token that is not valid yet': { token: jwt.sign({ sub, exp, nbf: exp - 1 }, SECRET), code: 'token_invalid' },
  'a token without expiry': { token: jwt.sign({ sub }, SECRET), code: 'token_invalid' },
  'a token without subject': { token: jwt.sign({ exp }, SECRET), code: 'token_invalid' },
  'a token of another secret': { token: jwt.sign({ sub, exp }, `${SECRET}.`), code: 'token_invalid' },
  'a token of another algorithm': {
    token: jwt.sign({ sub, exp }, SECRET, { algorithm: 'HS512' }),
    code: 'token_invalid',
  },
  'a token without signature': {
    token: `${base64url({ alg: 'none' })}.${base64url({ sub, exp })}.`,
    code: 'token_invalid',
  },
  'a token that was cut off': { token: good.slice(0, -1), code: 'token_invalid' },
  'text that is no token': { token: 'garbage', code: 'token_invalid' },
  'an empty token': { token: '', code: 'token_invalid' },
};
