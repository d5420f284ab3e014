/** The `Authorization` header of a token. */
export function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** The `Cookie` header of a token. */
export function cookie(token: string, name = 'access-token'): { Cookie: string } {
  return { Cookie: `${name}=${token}` };
}

/** What a browser adds to a request that another site's page sends. */
export const foreign = { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' };
