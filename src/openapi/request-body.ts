import { getRequestBody, type IRoute } from 'routing-controllers-openapi';
import type { Operation } from './apply-decorators';
import type { SchemaNames } from './schemas';

type Body = Exclude<Operation['requestBody'], undefined>;

/** The form-encoded or JSON body of a login. */
export function passwordFormBody(schemaNames: SchemaNames): Body {
  const schema = schemaNames.reference('OAuth2PasswordRequestForm');
  return {
    required: true,
    content: { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema: { ...schema } } },
  };
}

/** The generator writes `required: []` where no field is required, which OpenAPI 3.0 does not allow. */
export function bodyOf(route: IRoute): Body | undefined {
  const body = getRequestBody(route);
  if (!body) return undefined;
  for (const { schema } of Object.values(body.content)) {
    for (const one of [schema, ...((schema as { allOf?: unknown[] }).allOf ?? [])]) dropEmpty(one as Fields);
  }
  return body;
}

interface Fields {
  required?: readonly string[];
}

function dropEmpty(schema: Fields): void {
  if (schema.required?.length === 0) delete schema.required;
}
