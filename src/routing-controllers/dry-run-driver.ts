import { type Action, type ActionMetadata, BaseDriver } from 'routing-controllers';
import type { RouteCollector } from './route-collector';

/** A driver that serves nothing: it hears of the routes as a server would, globs and all. */
export class DryRunDriver extends BaseDriver {
  constructor(private readonly plan: RouteCollector) {
    super();
  }

  override registerAction(metadata: ActionMetadata, execute: (action: Action) => unknown): void {
    this.plan.add(metadata, execute);
  }

  override initialize(): void {}
  override registerMiddleware(): void {}
  override registerRoutes(): void {}
  override getParamFromRequest(): void {}
  override handleError(): void {}
  override handleSuccess(): void {}
}
