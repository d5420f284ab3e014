/** Returns the origin of a URL as a browser writes it: in lower case, without a default port. */
export function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

/** Tells whether a host, with or without a port, is the machine itself. */
export function isLoopback(host: string | undefined): boolean {
  if (!host || !URL.canParse(`http://${host}`)) return false;
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(`http://${host}`).hostname);
}
