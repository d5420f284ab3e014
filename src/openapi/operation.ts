import {
  getContentType,
  getHeaderParams,
  getOperationId,
  getQueryParams,
  getResponses,
  getStatusCode,
  getSummary,
  getTags,
  type IRoute,
} from 'routing-controllers-openapi';
import { describeRole, leavesOf } from '../authorization/alternatives';
import { takesUser } from '../authorization/controller-metadata';
import { subjectsOf } from '../authorization/policy';
import type { Access } from '../authorization/route-access';
import type { StepUpRequirement } from '../authorization/step-up';
import { takesSubject } from '../authorization/subject';
import { type FormKind, formEndpointOf, formKindOf } from '../http/form-parameter';
import { applyDecorators, type Operation } from './apply-decorators';
import { withKnownTypes } from './known-types';
import { createRequestBody, FORMS, formBody } from './request-body';
import { createPathParameters } from './route-paths';
import type { SchemaName, SchemaNames } from './schemas';
import { createSecurity, type Scheme } from './security-requirement';

/** The parts that all operations of a document share. */
export interface DocumentContext {
  readonly schemes: readonly Scheme[];
  readonly schemaNames: SchemaNames;
  /** The schemas of the application, which the generator reads. */
  readonly schemas: NonNullable<Parameters<typeof getQueryParams>[1]>;
  /** Whether the document has a security requirement of its own, which a public operation must lift. */
  readonly isClosed: boolean;
}

/** Creates the operation of a route: the generator's, the route's requirements, and `@OpenAPI`, which wins. */
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
  return describeNeeds(withTokenResponse(decorated, route, context), access);
}

/** Creates what the generator's `getOperation` does, before it applies the decorators. */
function generated(found: IRoute, { schemas, schemaNames }: DocumentContext): Partial<Operation> {
  const route = withKnownTypes(found, schemas);
  const parameters = [
    ...getHeaderParams(route, schemas),
    ...createPathParameters(route),
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

/** Creates the responses to requests that are refused. */
function errorResponses(route: IRoute, access: Access, context: DocumentContext): Record<string, unknown> {
  const refusal = (name: SchemaName, description: string) => ({
    description,
    content: answersJson(route)
      ? { 'application/json': { schema: context.schemaNames.reference(name) } }
      : { 'text/html': { schema: { type: 'string' } } },
  });
  const { allOf, anyOf, policies, alternatives } = access.requirement;
  const mayLack = allOf.length + anyOf.length + policies.length + alternatives.length > 0;
  return {
    ...(formOf(route) && { 400: refusal('OAuth2Error', 'The request is refused') }),
    ...(!access.isPublic && { 401: refusal('LoginError', 'The request is not authenticated') }),
    ...((mayLack || needsOriginCheck(route, access, context.schemes)) && {
      403: refusal('LoginError', 'The user is not allowed to do this'),
    }),
    ...((route.params.some(takesSubject) || hasSubject(access)) && {
      404: refusal('LoginError', 'There is no such thing'),
    }),
    ...(formEndpointOf(route.params)?.isLimited && {
      429: {
        ...refusal('LoginError', 'Too many failed logins'),
        headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } },
      },
    }),
  };
}

/** A `@Controller` answers errors with their message alone. */
function answersJson({ controller }: IRoute): boolean {
  return controller.type === 'json';
}

/** A cookie is refused in an unsafe request of another origin. */
function needsOriginCheck({ action }: IRoute, access: Access, schemes: readonly Scheme[]): boolean {
  return (
    !access.isPublic && !['get', 'head', 'options'].includes(action.type) && schemes.some(({ inCookie }) => inCookie)
  );
}

/** Adds the schema of a login's answer, unless the application describes it. */
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

/** Adds to the description what a security requirement cannot say. */
function describeNeeds(operation: Operation, { requirement: { policies, alternatives, stepUp } }: Access): Operation {
  const names = policies.map(({ name }) => `\`${name || 'a policy'}\``).join(', ');
  const needs = [
    ...(stepUp ? [describeLogin(stepUp)] : []),
    ...alternatives.map(({ roles }) => `Needs one of: ${roles.map((role) => `\`${describeRole(role)}\``).join(', ')}.`),
    ...(names ? [`Needs ${names}.`] : []),
  ];
  if (needs.length === 0) return operation;
  return { ...operation, description: [operation.description, ...needs].filter(Boolean).join('\n\n') };
}

/** Says how recent and how strong the login must be (RFC 9470). */
function describeLogin({ maxAge, acr }: StepUpRequirement): string {
  const age = maxAge === undefined ? [] : [`at most ${maxAge} seconds old`];
  const values = acr?.map((value) => `\`${value}\``).join(' or ');
  const strength = values === undefined ? [] : [`with the \`acr\` ${values || '(none will do)'}`];
  return `Needs a login ${[...age, ...strength].join(', ')}.`;
}

/** Whether a policy is about something that may be missing. */
function hasSubject({ requirement: { policies, alternatives } }: Access): boolean {
  return [...policies, ...alternatives.flatMap(leavesOf)].some(
    (leaf) => typeof leaf === 'function' && subjectsOf(leaf).length > 0,
  );
}

function formOf({ params }: IRoute): FormKind | undefined {
  return params.map(({ transform }) => formKindOf(transform)).find((kind) => kind !== undefined);
}
