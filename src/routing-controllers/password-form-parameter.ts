import { type Action, createParamDecorator } from 'routing-controllers';
import { isRefusal } from '../errors/refusal';
import { clientCredentials } from '../password-form/client-credentials';
import { parsePasswordForm } from '../password-form/parse-password-form';
import type { OAuth2PasswordRequestForm } from '../password-form/password-request-form';
import { readFields } from '../password-form/read-fields';
import { exchangeOf } from './action';
import { keepFromFinalHandler } from './last-resort';
import { raise } from './raise';
import { watchResponse } from './response-headers';

/**
 * A parameter of type {@link OAuth2PasswordRequestForm}, from a form-encoded or a JSON body; nothing else needs to be
 * set up. The answer gets `Cache-Control: no-store` (RFC 6749 §5.1). A body that is no such form is answered as §5.2
 * says.
 */
// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types its own parameter decorators
export function PasswordForm(): Function {
  return createParamDecorator({ value: passwordForm });
}

/** Whether a parameter of routing-controllers' metadata is one of these. */
export function isPasswordForm(transform: unknown): boolean {
  return transform === passwordForm;
}

async function passwordForm(action: Action): Promise<OAuth2PasswordRequestForm> {
  const exchange = exchangeOf(action);
  exchange.response?.setHeader('Cache-Control', 'no-store').setHeader('Pragma', 'no-cache');
  watchResponse(exchange);
  keepFromFinalHandler(exchange); // for the refusal of the login itself, which the application throws
  try {
    const fields = await readFields(exchange.message, action.request.body);
    return await parsePasswordForm(fields, clientCredentials(exchange.message.headers.authorization));
  } catch (error) {
    throw isRefusal(error) ? raise(error, exchange) : error;
  }
}
