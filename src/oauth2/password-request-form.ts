/** The fields of a form that has no others. */
const NO_FIELDS: Readonly<Partial<Record<string, string>>> = Object.freeze(Object.create(null));

/**
 * The parameters of a login with username and password (RFC 6749 §4.3.2), as {@link PasswordForm} reads them. Use the
 * password grant for the application's own clients only; RFC 9700 §2.4 rules it out for others.
 */
export class OAuth2PasswordRequestForm {
  /** Always `'password'`; a form without `grant_type`, such as an HTML form, counts as one with it. */
  grant_type: 'password' = 'password';

  /** The name of the account; never empty. */
  username!: string;

  /** The password; never empty. */
  password!: string;

  /** The requested scopes, each once; empty if the client requests none. Grant them with `grantScopes`. */
  scopes: string[] = [];

  /** The identifier of the client, from the body or the `Authorization: Basic` header; unverified. */
  client_id?: string;

  /** The secret of the client, from the body or the `Authorization: Basic` header; unverified. */
  client_secret?: string;

  /**
   * The other string fields of the form, such as a checkbox `remember` or a one-time code. The object is frozen and has
   * no prototype, so `fields.toString` is undefined unless it was sent. It never has one of the properties above; fields
   * that are repeated or not strings are left out.
   *
   * @example
   * ```ts
   * const remember = form.fields.remember === 'on';
   * ```
   */
  fields: Readonly<Partial<Record<string, string>>> = NO_FIELDS;
}
