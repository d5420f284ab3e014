import {
  getContentType,
  getHeaderParams,
  getOperationId,
  getPathParams,
  getQueryParams,
  getResponses,
  getStatusCode,
  getSummary,
  getTags,
  type IRoute,
} from 'routing-controllers-openapi';
import { takesUser } from '../authorization/controller-metadata';
import type { Access } from '../authorization/route-access';
import { type FormKind, formKindOf } from '../http/form-parameter';
import { applyDecorators, type Operation } from './apply-decorators';
import { withKnownTypes } from './known-types';
import { olderSyntax } from './operation-paths';
import { createRequestBody, FORMS, formBody } from './request-body';
import type { SchemaName, SchemaNames } from './schemas';
import { createSecurity, type Scheme } from './security-requirement';

/** What all operations of a document share. */
export interface DocumentContext {
  readonly schemes: readonly Scheme[];
  readonly schemaNames: SchemaNames;
  /** The application's own, which the generator looks into. */
  readonly schemas: NonNullable<Parameters<typeof getQueryParams>[1]>;
  /** Whether the document has security of its own, which an open operation must lift. */
  readonly isClosed: boolean;
}

/** The operation of one route: what the generator says, what the route needs, and what `@OpenAPI` says last. */
export function createOperation(route: IRoute, access: Access, context: DocumentContext): Operation {
  const made = generated(route, context);
  const refusals = errorResponses(route, access, context);
  const security =
    createSecurity(access, context.schemes, route.params.some(takesUser)) ?? (context.isClosed ? [] : undefined);
  const operation = {
    ...made,
    ...(security && { security }),
    responses: { ...made.responses, ...refusals },
  } as Operation;
  const decorated = applyDecorators(operation, route, [
    ...Object.keys(refusals),
    ...(formOf(route) ? ['requestBody'] : []),
  ]);
  return describePolicies(withTokenResponse(decorated, route, context), access);
}

/** As the generator's `getOperation`, before it applies the decorators. */
function generated(found: IRoute, { schemas, schemaNames }: DocumentContext): Partial<Operation> {
  const route = withKnownTypes(found, schemas);
  const parameters = [
    ...getHeaderParams(route, schemas),
    ...getPathParams(inOlderSyntax(route)).map((parameter) => ({ ...parameter, required: true })),
    ...getQueryParams(route, schemas),
  ];
  const form = formOf(route);
  const requestBody = form ? formBody(form, schemaNames) : createRequestBody(route);
  return {
    operationId: getOperationId(route),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: getResponses(route),
    summary: getSummary(route),
    tags: getTags(route),
  };
}

/** The responses of requests that are not let in. */
function errorResponses(route: IRoute, access: Access, context: DocumentContext): Record<string, unknown> {
  const refusal = (name: SchemaName, description: string) => ({
    description,
    content: answersJson(route)
      ? { 'application/json': { schema: context.schemaNames.reference(name) } }
      : { 'text/html': { schema: { type: 'string' } } },
  });
  const { allOf, anyOf, policies } = access.requirement;
  const mayLack = allOf.length + anyOf.length + policies.length > 0;
  return {
    ...(formOf(route) && { 400: refusal('OAuth2Error', 'The request is refused') }),
    ...(!access.isPublic && { 401: refusal('LoginError', 'Nobody is logged in') }),
    ...((mayLack || needsOriginCheck(route, access, context.schemes)) && {
      403: refusal('LoginError', 'This user may not do this'),
    }),
  };
}

/** A controller that is no `@JsonController` answers errors with their message alone. */
function answersJson({ controller }: IRoute): boolean {
  return controller.type === 'json';
}

/** The cookie is refused where a foreign page sends it. */
function needsOriginCheck({ action }: IRoute, access: Access, schemes: readonly Scheme[]): boolean {
  return (
    !access.isPublic && !['get', 'head', 'options'].includes(action.type) && schemes.some(({ inCookie }) => inCookie)
  );
}

/** Where the application says nothing else of a login's answer. */
function withTokenResponse(operation: Operation, route: IRoute, { schemaNames }: DocumentContext): Operation {
  const [status, type] = [getStatusCode(route), getContentType(route)];
  const success = operation.responses?.[status];
  const media = success?.content?.[type];
  const form = formOf(route);
  const answer = form && FORMS[form].answer;
  if (!answer || !answersJson(route) || !media || media.schema) return operation;
  const schema = schemaNames.reference(answer);
  const content = { ...success.content, [type]: { ...media, schema } };
  return { ...operation, responses: { ...operation.responses, [status]: { ...success, content } } };
}

function describePolicies(operation: Operation, { requirement }: Access): Operation {
  if (requirement.policies.length === 0) return operation;
  const names = requirement.policies.map(({ name }) => `\`${name || 'a policy'}\``).join(', ');
  return { ...operation, description: [operation.description, `Needs ${names}.`].filter(Boolean).join('\n\n') };
}

function formOf({ params }: IRoute): FormKind | undefined {
  return params.map(({ transform }) => formKindOf(transform)).find((kind) => kind !== undefined);
}

function inOlderSyntax(route: IRoute): IRoute {
  const { action, controller } = route;
  if (typeof action.route !== 'string' && controller.route === undefined) return route;
  return {
    ...route,
    controller: { ...controller, route: olderSyntax(controller.route ?? '') },
    action: { ...action, route: olderSyntax((action.route as string | undefined) ?? '') },
  };
}
