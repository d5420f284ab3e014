import type { DemoServer } from './demo-server';

type Agent = ReturnType<DemoServer['browser']>;

const refreshPath = { domain: '127.0.0.1', path: '/token', secure: false, script: false };

/** What the browser sends along to `/token`: all it has. */
export function cookiesOf({ jar }: Agent): string {
  return jar
    .getCookies(refreshPath)
    .filter(({ value }) => value !== '') // which the jar keeps, though it is told to forget it
    .map((cookie) => `${cookie.name}=${cookie.value}`)
    .join('; ');
}

export function cookieOf({ jar }: Agent, name: string): string | undefined {
  return jar.getCookie(name, refreshPath)?.value;
}

/** As when the access token has expired, after a quarter of an hour. */
export function expireAccess({ jar }: Agent): void {
  jar.setCookie('access-token=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT', refreshPath.domain, '/');
}
