import type { DemoServer } from './demo-server';

type Agent = ReturnType<DemoServer['browser']>;

const everywhere = { domain: '127.0.0.1', path: '/', secure: false, script: false };

/** All cookies of a browser, as it sends them. */
export function cookiesOf({ jar }: Agent): string {
  return jar
    .getCookies(everywhere)
    .filter(({ value }) => value !== '') // which the jar keeps, though it is told to forget it
    .map((cookie) => `${cookie.name}=${cookie.value}`)
    .join('; ');
}

export function cookieOf({ jar }: Agent, name: string): string | undefined {
  return jar.getCookie(name, everywhere)?.value;
}
