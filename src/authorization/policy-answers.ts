import type { Action } from 'routing-controllers';
import { ContextKey, contextOf } from '../http/request-context';
import { chain, isPromiseLike, type MaybePromise } from '../util/maybe-promise';
import type { Truth } from './alternatives';
import { type Denial, isBeforeBody, type Policy } from './policy';
import { routeOf } from './policy-context';

type Answer = true | Denial;

/** What policies have answered. */
export class PolicyAnswers {
  private readonly asked = new Map<Policy, MaybePromise<Answer>>();
  private readonly answers = new Map<Policy, Answer>();

  truth(policy: Policy): Truth {
    const answer = this.answers.get(policy);
    return answer && answer === true;
  }

  /** The word that a policy refused with. */
  reason(policy: Policy): string | undefined {
    const answer = this.answers.get(policy);
    return answer && answer !== true && answer.reason !== '' ? answer.reason : undefined;
  }

  /** Asks a policy that has not been asked; all who ask meanwhile get the same answer. */
  ask(policy: Policy, ask: () => MaybePromise<Answer>): MaybePromise<Answer> {
    const asked = this.asked.get(policy);
    if (asked) return asked;
    const result = chain(ask(), (answer) => {
      this.answers.set(policy, answer);
      return answer;
    });
    this.asked.set(policy, result);
    if (isPromiseLike(result)) result.then(undefined, () => undefined); // whoever asks handles the rejection
    return result;
  }

  /** Forgets what policies answered before the body was read, but for those that do not look at it. */
  withoutBody(): PolicyAnswers {
    const kept = new PolicyAnswers();
    for (const [policy, answer] of this.answers) if (isBeforeBody(policy)) kept.answers.set(policy, answer);
    return kept;
  }
}

interface RouteAnswers {
  /** The body that policies have seen. */
  readonly body: unknown;
  readonly answers: PolicyAnswers;
}

/** What policies have answered in each request, by the route: another route has other parameters. */
export class RequestAnswers {
  private readonly routes = new ContextKey<WeakMap<object, RouteAnswers>>();

  of(action: Action): PolicyAnswers {
    const context = contextOf(action);
    const route = routeOf(action);
    const routes = this.routes.get(context) ?? new WeakMap<object, RouteAnswers>();
    this.routes.set(context, routes);
    const body: unknown = action.request?.body;
    const existing = routes.get(route);
    if (existing && existing.body === body) return existing.answers;
    const answers = existing ? existing.answers.withoutBody() : new PolicyAnswers();
    routes.set(route, { body, answers });
    return answers;
  }
}
