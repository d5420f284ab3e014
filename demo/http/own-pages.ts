import type { NextFunction, Request, Response } from 'express';
import type { ExpressMiddlewareInterface } from 'routing-controllers';
import { CrossOriginError } from 'routing-controllers-login';
import { Service } from 'typedi';

/** Refuses forms of other sites before anything is done with them. Routes that need a login do that by themselves. */
@Service()
export class OwnPages implements ExpressMiddlewareInterface {
  use({ headers, protocol }: Request, _response: Response, next: NextFunction): void {
    const { origin, host, 'sec-fetch-site': site } = headers;
    const isOwn = site ? site === 'same-origin' || site === 'none' : !origin || origin === `${protocol}://${host}`;
    if (!isOwn) throw new CrossOriginError();
    next();
  }
}
