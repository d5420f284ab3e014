import {
  getContentType,
  getHeaderParams,
  getOperationId,
  getPathParams,
  getQueryParams,
  getRequestBody,
  getResponses,
  getStatusCode,
  getSummary,
  getTags,
  type IRoute,
} from 'routing-controllers-openapi';
import type { Access } from '../access/resolve-access';
import { isPasswordForm } from '../routing-controllers/password-form-parameter';
import { applyDecorators, type Operation } from './apply-decorators';
import { olderSyntax } from './operation-paths';
import type { SchemaName, SchemaNames } from './schemas';
import { type Scheme, securityOf } from './security-requirement';

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
export function operationOf(route: IRoute, access: Access, context: DocumentContext): Operation {
  const decorated = applyDecorators(
    { ...generated(route, context), ...secured(route, access, context) } as Operation,
    route,
  );
  return describePolicies(withTokenResponse(decorated, route, context), access);
}

/** As the generator's `getOperation`, before it applies the decorators. */
function generated(route: IRoute, { schemas, schemaNames }: DocumentContext): Partial<Operation> {
  const parameters = [
    ...getHeaderParams(route, schemas),
    ...getPathParams(inOlderSyntax(route)),
    ...getQueryParams(route, schemas),
  ];
  const requestBody = readsPasswordForm(route) ? passwordFormBody(schemaNames) : getRequestBody(route);
  return {
    operationId: getOperationId(route),
    ...(parameters.length > 0 && { parameters }),
    ...(requestBody && { requestBody }),
    responses: getResponses(route),
    summary: getSummary(route),
    tags: getTags(route),
  };
}

function secured(
  route: IRoute,
  access: Access,
  { schemes, schemaNames, isClosed }: DocumentContext,
): Partial<Operation> {
  const looksAtUser = route.params.some(({ type }) => type === 'current-user');
  const security = securityOf(access, schemes, looksAtUser) ?? (isClosed ? [] : undefined);
  const json = (name: SchemaName, description: string) => ({
    description,
    content: { 'application/json': { schema: schemaNames.reference(name) } },
  });
  const { allOf, anyOf, policies } = access.requirement;
  const mayLack = allOf.length + anyOf.length + policies.length > 0;
  return {
    ...(security && { security }),
    responses: {
      ...getResponses(route),
      ...(readsPasswordForm(route) && { 400: json('OAuth2Error', 'The login is refused') }),
      ...(!access.isPublic && { 401: json('LoginError', 'Nobody is logged in') }),
      ...(mayLack || mayBeForged(route, access, schemes)
        ? { 403: json('LoginError', 'This user may not do this') }
        : {}),
    },
  };
}

/** The cookie is refused where a foreign page sends it. */
function mayBeForged({ action }: IRoute, access: Access, schemes: readonly Scheme[]): boolean {
  return (
    !access.isPublic && !['get', 'head', 'options'].includes(action.type) && schemes.some(({ inCookie }) => inCookie)
  );
}

function passwordFormBody(schemaNames: SchemaNames): Operation['requestBody'] {
  const schema = schemaNames.reference('OAuth2PasswordRequestForm');
  return {
    required: true,
    content: { 'application/x-www-form-urlencoded': { schema }, 'application/json': { schema } },
  };
}

/** Where the application says nothing else of a login's answer. */
function withTokenResponse(operation: Operation, route: IRoute, { schemaNames }: DocumentContext): Operation {
  const success = operation.responses?.[getStatusCode(route)]?.content?.[getContentType(route)];
  if (readsPasswordForm(route) && success && !success.schema) success.schema = schemaNames.reference('TokenResponse');
  return operation;
}

function describePolicies(operation: Operation, { requirement }: Access): Operation {
  if (requirement.policies.length === 0) return operation;
  const names = requirement.policies.map(({ name }) => `\`${name || 'a policy'}\``).join(', ');
  return { ...operation, description: [operation.description, `Needs ${names}.`].filter(Boolean).join('\n\n') };
}

function readsPasswordForm({ params }: IRoute): boolean {
  return params.some(({ transform }) => isPasswordForm(transform));
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
