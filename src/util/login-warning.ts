import { HELP_PAGE } from '../errors/configuration-error';

type WarningCode = 'LOGIN_LOST_GUARD' | 'LOGIN_NO_METADATA' | 'LOGIN_NO_TOKEN_ROUTE' | 'LOGIN_WEAK_SECRET';

/** Emits a process warning, which names the section of the documentation that explains it. */
export function emitLoginWarning(code: WarningCode, message: string): void {
  process.emitWarning(message, { type: 'LoginWarning', code, detail: `See ${HELP_PAGE}#${code.toLowerCase()}` });
}
