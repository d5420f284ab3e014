/** The schemas of what this library answers and reads, by the names they have in the document. */
export const schemas = {
  LoginError: {
    type: 'object',
    required: ['name', 'message', 'code'],
    properties: {
      name: { type: 'string' },
      message: { type: 'string' },
      code: { type: 'string', description: 'Stable; for programs to compare.' },
    },
  },
  OAuth2Error: {
    description: 'RFC 6749 §5.2',
    type: 'object',
    required: ['error'],
    properties: {
      error: { type: 'string', example: 'invalid_grant' },
      error_description: { type: 'string' },
    },
  },
  TokenResponse: {
    description: 'RFC 6749 §5.1',
    type: 'object',
    required: ['access_token', 'token_type', 'expires_in'],
    properties: {
      access_token: { type: 'string' },
      token_type: { type: 'string', enum: ['bearer'] },
      expires_in: { type: 'integer', description: 'Seconds.' },
      scope: { type: 'string', description: 'Space-separated.' },
      refresh_token: { type: 'string', description: 'Where one is given: good for one new token response.' },
    },
  },
  TokenRequest: {
    description: 'RFC 6749 §4.3.2, §6',
    type: 'object',
    properties: {
      grant_type: { type: 'string', enum: ['password', 'refresh_token'], default: 'password' },
      username: { type: 'string', description: 'With password; so is the next.' },
      password: { type: 'string', format: 'password' },
      refresh_token: { type: 'string', description: 'With refresh_token; browsers send it in a cookie.' },
      scope: { type: 'string', description: 'Space-separated; all that may be had where it is left out.' },
      client_id: { type: 'string' },
      client_secret: { type: 'string', format: 'password' },
    },
  },
  RevocationRequest: {
    description: 'RFC 7009 §2.1',
    type: 'object',
    properties: {
      token: { type: 'string', description: 'Of either kind; browsers send theirs in cookies.' },
      token_type_hint: { type: 'string', enum: ['access_token', 'refresh_token'] },
    },
  },
  OAuth2PasswordRequestForm: {
    description: 'RFC 6749 §4.3.2',
    type: 'object',
    required: ['username', 'password'],
    properties: {
      grant_type: { type: 'string', enum: ['password'] },
      username: { type: 'string' },
      password: { type: 'string', format: 'password' },
      scope: { type: 'string', description: 'Space-separated; all that the user may have where it is left out.' },
      client_id: { type: 'string' },
      client_secret: { type: 'string', format: 'password' },
    },
  },
} as const;

export type SchemaName = keyof typeof schemas;

/** Gives schemas names that the application's own do not have. */
export class SchemaNames {
  private readonly used = new Set<SchemaName>();

  constructor(private readonly taken: Readonly<Record<string, unknown>>) {}

  reference(name: SchemaName): { $ref: string } {
    this.used.add(name);
    return { $ref: `#/components/schemas/${this.nameOf(name)}` };
  }

  /** The schemas that were referred to. */
  components(): Record<string, unknown> {
    return Object.fromEntries([...this.used].map((name) => [this.nameOf(name), schemas[name]]));
  }

  private nameOf(name: SchemaName): string {
    return Object.hasOwn(this.taken, name) ? `RoutingControllersLogin${name}` : name;
  }
}
