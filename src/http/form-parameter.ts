import type { Action } from 'routing-controllers';
import { contextOf } from './action';
import { withErrorResponse } from './error-response';
import { installErrorHandler } from './express-error-handler';
import { type FormFields, readFormFields } from './form-body';
import { markLoginStart } from './login-start';
import { trackResponse } from './response-headers';

/** What a form is for: a login, whatever a token endpoint is asked, or the end of a session. */
export type FormKind = 'password' | 'token' | 'revocation';

const kinds = new WeakMap<object, FormKind>();

/** What a parameter of routing-controllers' metadata reads from the body by itself, if it does. */
export function formKindOf(transform: unknown): FormKind | undefined {
  return typeof transform === 'function' ? kinds.get(transform) : undefined;
}

/**
 * The value of a parameter that is read from a form-encoded or a JSON body, of a route that answers with tokens: the
 * answer is not stored (RFC 6749 §5.1), and refusals, the application's later ones too, keep the connection.
 */
export function formParameter<T>(
  kind: FormKind,
  parse: (fields: FormFields, action: Action) => T | Promise<T>,
): (action: Action) => Promise<T> {
  const parameter = async (action: Action) => {
    const context = contextOf(action);
    if (kind !== 'revocation') markLoginStart(context);
    context.response?.setHeader('Cache-Control', 'no-store').setHeader('Pragma', 'no-cache');
    trackResponse(context);
    installErrorHandler(context);
    return withErrorResponse(context, async () =>
      parse(await readFormFields(context.message, action.request.body), action),
    );
  };
  kinds.set(parameter, kind);
  return parameter;
}
