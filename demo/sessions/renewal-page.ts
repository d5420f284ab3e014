import type { Request, Response } from 'express';
import { All, Controller, CurrentUser, QueryParam, Req, Res } from 'routing-controllers';
import { Public } from 'routing-controllers-login';
import { Service } from 'typedi';
import type { Account } from '../accounts/account';
import { localPath } from '../http/local-path';
import { seeOther } from '../http/see-other';
import { BrowserSessions } from './browser-sessions';
import { renewalPath } from './renew-first';

/**
 * A page that nobody sees: whoever has a session to renew comes by here, and goes on to where they wanted to go. A link
 * of another site may lead here as well, and does no harm: it renews what is due, once, and goes on to a page of ours.
 */
@Service()
@Public()
@Controller()
export class RenewalPage {
  constructor(private readonly sessions: BrowserSessions) {}

  @All(renewalPath)
  async renew(
    @QueryParam('next') next: string,
    @CurrentUser() account: Account | null,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const path = localPath(next) ?? '/notes';
    if (account || (await this.sessions.renew(request, response))) {
      response.redirect(307, path);
      return response;
    }
    // A form is not posted again after a login: somebody else may log in.
    return seeOther(response, request.method === 'GET' ? `/login?${new URLSearchParams({ next: path })}` : '/login');
  }
}
