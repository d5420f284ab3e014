/** Returns the origin of a URL as a browser writes it: in lower case, without a default port. */
export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Tells whether a host, with or without a port, is the machine itself. */
export function isLoopback(host: string | undefined): boolean {
  if (!host || !URL.canParse(`http://${host}`)) return false;
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(`http://${host}`).hostname);
}

/** Whether a value is an absolute https URL without a user; http is accepted on the loopback. */
export function isSecureUrl(url: unknown): url is string {
  if (typeof url !== 'string' || !URL.canParse(url)) return false;
  const { protocol, host, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(host));
}
