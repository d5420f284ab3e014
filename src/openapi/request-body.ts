import { getRequestBody, type IRoute } from 'routing-controllers-openapi';
import type { FormKind } from '../http/form-parameter';
import type { Operation } from './apply-decorators';
import type { SchemaName, SchemaNames } from './schemas';

type Body = Exclude<Operation['requestBody'], undefined>;

/** What each kind of form holds, and what is answered where the application says nothing else. */
export const FORMS: Record<FormKind, { readonly body: SchemaName; readonly answer?: SchemaName }> = {
  password: { body: 'OAuth2PasswordRequestForm', answer: 'TokenResponse' },
  token: { body: 'TokenRequest', answer: 'TokenResponse' },
  revocation: { body: 'RevocationRequest' },
};

/** The form-encoded or JSON body of a login and the like. */
export function formBody(kind: FormKind, schemaNames: SchemaNames): Body {
  const schema = schemaNames.reference(FORMS[kind].body);
  return {
    required: true,
    content: { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema: { ...schema } } },
  };
}

/** The generator writes `required: []` where no field is required, which OpenAPI 3.0 does not allow. */
export function createRequestBody(route: IRoute): Body | undefined {
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
