const passwordParameters = {
  username: { type: 'string' },
  password: { type: 'string', format: 'password' },
  scope: { type: 'string', description: 'Space-separated; all scopes that the user may have, if omitted.' },
  client_id: { type: 'string' },
  client_secret: { type: 'string', format: 'password' },
} as const;

/** The schemas of the bodies that this library reads and answers, by their names in the document. */
const SCHEMAS = {
  LoginError: {
    type: 'object',
    required: ['name', 'message', 'code'],
    properties: {
      name: { type: 'string' },
      message: { type: 'string' },
      code: { type: 'string', description: 'Stable, for programs to compare.' },
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
      refresh_token: { type: 'string', description: 'Absent if none is granted or it is in a cookie.' },
    },
  },
  TokenRequest: {
    description: 'RFC 6749 §4.3.2, §6',
    type: 'object',
    properties: {
      grant_type: { type: 'string', enum: ['password', 'refresh_token'], default: 'password' },
      ...passwordParameters,
      username: { ...passwordParameters.username, description: 'Required for the grant type password.' },
      password: { ...passwordParameters.password, description: 'Required for the grant type password.' },
      refresh_token: {
        type: 'string',
        description: 'Required for the grant type refresh_token, unless a browser sends it in a cookie.',
      },
    },
    additionalProperties: { type: 'string', description: 'Further fields, for the application.' },
  },
  RevocationRequest: {
    description: 'RFC 7009 §2.1',
    type: 'object',
    properties: {
      token: {
        type: 'string',
        description: 'An access or refresh token; browsers may send theirs in cookies instead.',
      },
      token_type_hint: { type: 'string', enum: ['access_token', 'refresh_token'] },
    },
  },
  OAuth2PasswordRequestForm: {
    description: 'RFC 6749 §4.3.2',
    type: 'object',
    required: ['username', 'password'],
    properties: { grant_type: { type: 'string', enum: ['password'] }, ...passwordParameters },
    additionalProperties: { type: 'string', description: 'Further fields, for the application.' },
  },
} as const;

export type SchemaName = keyof typeof SCHEMAS;

/** Names the schemas of this library so that they differ from the application's. */
export class SchemaNames {
  constructor(private readonly taken: Readonly<Record<string, unknown>>) {}

  reference(name: SchemaName): { $ref: string } {
    return { $ref: `#/components/schemas/${this.nameOf(name)}` };
  }

  /** Returns all schemas by their names in the document. */
  schemas(): Record<string, object> {
    const entries = Object.entries(SCHEMAS) as [SchemaName, object][];
    return Object.fromEntries(entries.map(([name, schema]) => [this.nameOf(name), schema]));
  }

  private nameOf(name: SchemaName): string {
    return Object.hasOwn(this.taken, name) ? `RoutingControllersLogin${name}` : name;
  }
}
