import type { Action } from 'routing-controllers';

/**
 * Returns the address of the client for counting: `request.ip` of Express or Koa, which honours `trust proxy` and
 * `proxy`. An IPv6 address counts with its network of 64 bits, because one customer has all addresses of it. A port, which
 * some proxies add, does not count: it is another one for each connection. Undefined if the connection has no address, such
 * as that of a Unix socket.
 */
export function clientAddress({ request }: Action): string | undefined {
  const address: string | undefined = request.ip || (request.req ?? request).socket?.remoteAddress || undefined;
  const alone = address && withoutPort(address);
  return alone?.includes(':') ? toNetwork(alone) : alone;
}

/** `203.0.113.7:1234` and `[2001:db8::1]:1234`, as Azure's Application Gateway writes addresses. */
function withoutPort(address: string): string {
  const { v4, v6 } = /^(?:(?<v4>[\d.]+):\d+|\[(?<v6>[^\]]*)\](?::\d+)?)$/.exec(address)?.groups ?? {};
  return v4 ?? v6 ?? address;
}

function toNetwork(address: string): string {
  const [plain = ''] = address.split('%'); // without the zone of a link-local address
  const groups = expand(plain);
  if (!groups) return address;
  const isMappedIPv4 = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMappedIPv4) return toIPv4(groups[6] as number, groups[7] as number);
  return `${groups
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
}

/** Returns the eight groups of an IPv6 address, or undefined if it is none. */
function expand(address: string): number[] | undefined {
  if (!URL.canParse(`http://[${address}]`)) return undefined;
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const [first, last] = [parseGroups(head), parseGroups(tail ?? '')];
  const zeros = tail === undefined ? [] : new Array<number>(8 - first.length - last.length).fill(0);
  return [...first, ...zeros, ...last];
}

function parseGroups(groups: string): number[] {
  return groups === '' ? [] : groups.split(':').map((group) => Number.parseInt(group, 16));
}

function toIPv4(high: number, low: number): string {
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.');
}
