import { type Action, createParamDecorator, UseBefore } from 'routing-controllers';
import { withErrorResponse } from './error-response';
import { installErrorHandler } from './express-error-handler';
import { type FormFields, readFormFields } from './form-body';
import { markLoginStart, runLogin } from './login-start';
import { isAskedAt } from './public-path';
import { ContextKey, contextOf, type HttpRequest, RequestContext } from './request-context';
import { trackResponse } from './response-headers';

/** What a form is for: a login, any grant of a token endpoint, or the revocation of a token. */
export type FormKind = 'password' | 'token' | 'revocation';

/** A ready-made endpoint that reads a form. */
export interface FormEndpoint {
  /** The path as clients see it. The route declares all ends of it, and answers at this path alone. */
  readonly path: string;
  /** Whether failed attempts are limited. */
  readonly isLimited: boolean;
}

interface FormDescription {
  readonly kind: FormKind;
  readonly endpoint: FormEndpoint | undefined;
}

type FormTransform<T> = (action: Action) => Promise<T>;

const descriptions = new WeakMap<object, FormDescription>();
const forms = new ContextKey<Promise<FormFields>>();

/** Returns the kind of form that a parameter of routing-controllers' metadata reads, or undefined if it reads none. */
export function formKindOf(transform: unknown): FormKind | undefined {
  return describeForm(transform)?.kind;
}

/** Returns the endpoint that a method with these parameters is, if it is one of the library's own. */
export function formEndpointOf(params: readonly { readonly transform?: unknown }[]): FormEndpoint | undefined {
  return params.map(({ transform }) => describeForm(transform)?.endpoint).find((endpoint) => endpoint !== undefined);
}

function describeForm(transform: unknown): FormDescription | undefined {
  return typeof transform === 'function' ? descriptions.get(transform) : undefined;
}

/**
 * Creates the transform of a parameter that is read from a form-encoded or JSON body, on a route that answers with
 * tokens: the response is not stored (RFC 6749 §5.1), and errors keep the connection.
 *
 * @param endpoint - If given, the value is undefined and the body is left unread for requests to other paths.
 */
export function formParameter<T>(
  kind: FormKind,
  parse: (fields: FormFields, action: Action) => T | Promise<T>,
  endpoint?: FormEndpoint,
): FormTransform<T | undefined> {
  const transform = async (action: Action) => {
    if (endpoint && !isAskedAt(endpoint.path, action)) return undefined;
    const context = contextOf(action);
    if (kind !== 'revocation') markLoginStart(context);
    context.response?.setHeader('Cache-Control', 'no-store'); // HTTP/2 and adapters do not return the response
    context.response?.setHeader('Pragma', 'no-cache');
    trackResponse(context);
    installErrorHandler(context);
    return withErrorResponse(context, async () => parse(await readForm(context, action.request), action));
  };
  descriptions.set(transform, { kind, endpoint });
  return transform;
}

/**
 * Creates a parameter decorator from the transform of a login form. The body is read before the
 * parameters, so that `@BodyParam` and `@Body` see its fields too.
 */
export function createFormDecorator<T>(transform: FormTransform<T>) {
  const decorate = createParamDecorator({ value: transform });
  return (target: object, method: string, index: number): void => {
    decorate(target, method, index);
    UseBefore(readFormFirst)(target, method);
  };
}

/**
 * A middleware of Express and of Koa. The parameter throws what is wrong with the body. The handler verifies the password,
 * so the login begins here.
 */
function readFormFirst(first: HttpRequest, ...[second, third]: (() => unknown)[]): Promise<unknown> {
  const context = RequestContext.fromRequest(first);
  const next = () => runLogin(context, () => (third ?? second)?.());
  return readForm(context, context.request as Action['request']).then(next, next);
}

/** Reads the body once, and leaves its fields as the `body` of the framework's request. */
function readForm(context: RequestContext, request: Action['request']): Promise<FormFields> {
  const form = forms.get(context) ?? readFormFields(context.message, request.body);
  if (forms.get(context)) return form;
  const done = form.then(
    (fields) => setBody(context, request, fields),
    (error: unknown) => {
      setBody(context, request, {});
      throw error;
    },
  );
  forms.set(context, done);
  return done;
}

/** `_body` tells the body-parser of Express that nothing is left to read. */
function setBody({ message }: RequestContext, request: Action['request'], fields: FormFields): FormFields {
  request.body = fields;
  (message as { _body?: boolean })._body = true;
  return fields;
}
