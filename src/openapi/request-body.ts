import { getRequestBody, type IRoute } from 'routing-controllers-openapi';
import type { FormKind } from '../http/form-parameter';
import type { Operation } from './apply-decorators';
import type { SchemaName, SchemaNames } from './schemas';

type Body = Exclude<Operation['requestBody'], undefined>;

/** The schemas of the body, and of the answer unless the application describes it, of each kind of form. */
export const FORMS: Record<FormKind, { readonly body: SchemaName; readonly answer?: SchemaName }> = {
  password: { body: 'OAuth2PasswordRequestForm', answer: 'TokenResponse' },
  token: { body: 'TokenRequest', answer: 'TokenResponse' },
  revocation: { body: 'RevocationRequest' },
};

/** Creates the form-encoded or JSON body of a form. */
export function formBody(kind: FormKind, schemaNames: SchemaNames): Body {
  const schema = schemaNames.reference(FORMS[kind].body);
  return {
    required: true,
    content: { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema: { ...schema } } },
  };
}

/** Creates a body without the empty `required` lists of the generator, which OpenAPI 3.0 does not allow. */
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
