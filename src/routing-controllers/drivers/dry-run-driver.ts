import { type Action, type ActionMetadata, BaseDriver } from 'routing-controllers';
import type { RouteCollector } from '../route-collector';

/** Driver that collects the routes as a server would, file patterns included, and serves none of them. */
export class DryRunDriver extends BaseDriver {
  constructor(private readonly collector: RouteCollector) {
    super();
  }

  override registerAction(metadata: ActionMetadata, execute: (action: Action) => unknown): void {
    this.collector.add(metadata, execute);
  }

  override initialize(): void {}
  override registerMiddleware(): void {}
  override registerRoutes(): void {}
  override getParamFromRequest(): void {}
  override handleError(): void {}
  override handleSuccess(): void {}
}
