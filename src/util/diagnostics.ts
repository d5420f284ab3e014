import { type Channel, channel } from 'node:diagnostics_channel';
import type { Action } from 'routing-controllers';
import { HELP_PAGE } from '../errors/configuration-error';

/** Names of the events, each the end of a channel's name: `routing-controllers-login:refused`. */
export type LoginEventName =
  | 'authenticated'
  | 'refused'
  | 'login'
  | 'logout'
  | 'refresh'
  | 'reuse'
  | 'revoke'
  | 'store-error'
  | 'issuer-error';

/** Message on the library's channels of `node:diagnostics_channel`. It has no token and no secret. */
export interface LoginEvent {
  /** The `LoginManager`. */
  readonly manager: object;
  /** The request; undefined if the event belongs to none. */
  readonly action?: Action;
  /** The `code` of the error. */
  readonly code?: string;
  /** The error; its `cause` says why. */
  readonly error?: unknown;
  /** The subject of the token. */
  readonly sub?: string | number;
  /** The id of the session. */
  readonly session?: string;
}

const PREFIX = 'routing-controllers-login:';

const channels: Record<LoginEventName, Channel> = {
  authenticated: channel(`${PREFIX}authenticated`),
  refused: channel(`${PREFIX}refused`),
  login: channel(`${PREFIX}login`),
  logout: channel(`${PREFIX}logout`),
  refresh: channel(`${PREFIX}refresh`),
  reuse: channel(`${PREFIX}reuse`),
  revoke: channel(`${PREFIX}revoke`),
  'store-error': channel(`${PREFIX}store-error`),
  'issuer-error': channel(`${PREFIX}issuer-error`),
};

/** The parts of a message that an event itself knows. */
export type EventDetails = Omit<LoginEvent, 'manager'>;

/** Publishes the events of one manager. */
export class Events {
  constructor(private readonly manager: object) {}

  /** Whether anybody listens. */
  has(name: LoginEventName): boolean {
    return channels[name].hasSubscribers;
  }

  /**
   * Publishes an event. It never throws: Node reports the error of a subscriber as an uncaught exception of the process,
   * in the next tick.
   *
   * @param createMessage - Called only if anybody listens.
   */
  publish(name: LoginEventName, createMessage: () => EventDetails): void {
    const events = channels[name];
    if (events.hasSubscribers) events.publish({ manager: this.manager, ...createMessage() } satisfies LoginEvent);
  }
}

type WarningCode = 'LOGIN_LOST_GUARD' | 'LOGIN_NO_METADATA' | 'LOGIN_NO_TOKEN_ROUTE' | 'LOGIN_WEAK_SECRET';

/** Emits a process warning, which names the section of the documentation that explains it. */
export function emitLoginWarning(code: WarningCode, message: string): void {
  process.emitWarning(message, { type: 'LoginWarning', code, detail: `See ${HELP_PAGE}#${code.toLowerCase()}` });
}
