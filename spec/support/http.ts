/** The `Authorization` header of a token. */
export function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** The `Cookie` header of a token. */
export function cookie(token: string, name = 'access-token'): { Cookie: string } {
  return { Cookie: `${name}=${token}` };
}
