import { maxHeaderSize } from 'node:http';
import { SECRET } from '../support/accounts';
import type { FuzzAnswer, ParsedAnswers } from './answers';
import type { Ending } from './conversation';
import { ID, LET_IN, type Target } from './protocol';
import type { FuzzRequest } from './request';

/** A reset may lose answers on their way if the server had not read everything yet; so much it reads at once. */
const READ_AT_ONCE = 16_384;

/** The last characters of a token, which are enough to tell it. */
const END_OF_TOKEN = 40;

/** Returns which promises the answers of a connection break. */
export function findViolations(
  requests: readonly FuzzRequest[],
  { answers, rest }: ParsedAnswers,
  ending: Ending,
  target: Target,
): string[] {
  const isFramed = requests.every((request) => request.isFramed);
  const pairs = answers.map((answer, index) => ({ answer, ...partnersOf(requests, answer, index, isFramed) }));
  return [
    ...(ending === 'hang' ? ['the connection was neither answered nor closed in time'] : []),
    ...pairs.flatMap(({ answer, partners }) => findInAnswer(answer, partners, target)),
    ...(isFramed ? findFramingProblem(requests, answers, rest, ending) : []),
  ];
}

/** The requests that an answer may be of: one, if nothing was broken. */
function partnersOf(requests: readonly FuzzRequest[], answer: FuzzAnswer, index: number, isFramed: boolean) {
  const partner = requests[index];
  return { partners: isFramed && answer.headers[ID] !== undefined && partner ? [partner] : requests };
}

function findInAnswer(answer: FuzzAnswer, partners: readonly FuzzRequest[], target: Target): string[] {
  const { status, headers, body } = answer;
  const text = `${JSON.stringify(headers)}${body}`;
  const user = headers[LET_IN];
  const mayBe = partners.flatMap(({ users }) => [...users]).map((name) => `${name}@example.com`);
  const secrets = [
    SECRET,
    ...[...Object.values(target.good), ...target.bad].map((token) => token.slice(-END_OF_TOKEN)),
  ];
  const hasLoggedIn = /access_token|access-token=[^;]{20}/.test(text);
  const isOfApplication = partners.some(({ path }) => path === '/boom');
  return [
    ...(user !== undefined && !mayBe.includes(user) ? [`${user} was let in without a good token`] : []),
    ...(hasLoggedIn && !partners.some(({ mayLogIn }) => mayLogIn) ? ['a token was issued without a password'] : []),
    // A method that nobody knows is not implemented (RFC 9110 §15.6.2).
    ...(status >= 500 && status !== 501 && !(isOfApplication && status === 500) ? [`the answer is ${status}`] : []),
    ...(secrets.some((secret) => text.includes(secret)) ? ['an answer has a token or the secret'] : []),
    ...(/\n\s+at .+:\d+|node_modules|&nbsp;at /.test(text) ? ['an answer has a stack'] : []),
    ...(Number.isNaN(status) || status < 200 ? [`the status is ${status}`] : []),
  ];
}

/** Node closes the connection without a 431 if it has just answered the request before. It counts nearly all of the head. */
function isTooLarge({ bytes }: FuzzRequest): boolean {
  return bytes.indexOf('\r\n\r\n') > maxHeaderSize - 1024;
}

/** Each request has one answer, in its order, up to an answer that ends the connection. */
function findFramingProblem(
  requests: readonly FuzzRequest[],
  answers: readonly FuzzAnswer[],
  rest: string,
  ending: Ending,
): string[] {
  const last = answers.at(-1);
  const size = requests.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (ending === 'reset' && size > READ_AT_ONCE) return [];
  const strangers = answers.filter(
    ({ headers }, index) => headers[ID] !== undefined && headers[ID] !== `${requests[index]?.id}`,
  );
  const [final, finalAnswer] = [requests.at(-1), answers[requests.length - 1]];
  const isLetIn = finalAnswer === undefined || finalAnswer.headers[LET_IN] !== undefined;
  return [
    ...(isLetIn ? [] : [`the good request at the end, ${final?.id}, was answered with ${finalAnswer.status}`]),
    ...(strangers.length > 0 ? ['an answer is not that of its request'] : []),
    ...(answers.length > requests.length ? ['there are more answers than requests'] : []),
    ...(rest !== '' ? [`there is something that is no answer: ${rest.slice(0, 60)}`] : []),
    ...(answers.length < requests.length && !last?.isLast && !(ending === 'closed' && requests.some(isTooLarge))
      ? [`${requests.length - answers.length} requests have no answer (${ending})`]
      : []),
    ...(answers.slice(0, -1).some(({ isLast }) => isLast) ? ['there is an answer after the last one'] : []),
  ];
}
