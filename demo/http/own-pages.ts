import type { NextFunction, Request, Response } from 'express';
import type { ExpressMiddlewareInterface } from 'routing-controllers';
import { LoginManager } from 'routing-controllers-login';
import { Service } from 'typedi';

/** Refuses forms of other sites before anything is done with them. Routes that need a login do that by themselves. */
@Service()
export class OwnPages implements ExpressMiddlewareInterface {
  constructor(private readonly manager: LoginManager) {}

  use(request: Request, _response: Response, next: NextFunction): void {
    this.manager.checkOrigin(request);
    next();
  }
}
