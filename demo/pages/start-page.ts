import type { Response } from 'express';
import { Controller, CurrentUser, Get, Res } from 'routing-controllers';
import { Public } from 'routing-controllers-login';
import { Service } from 'typedi';
import { seeOther } from '../http/see-other';
import { html } from './html';
import { page, type Visitor } from './layout';

@Service()
@Public()
@Controller()
export class StartPage {
  @Get('/')
  show(@CurrentUser() visitor: Visitor | null, @Res() response: Response) {
    if (visitor) return seeOther(response, '/notes');
    return page({ title: 'Welcome', visitor, content });
  }
}

const content = html`<section class="hero">
      <h1>Write it down.<br>Find it again.</h1>
      <p class="lead">A small place for your notes: nobody else reads them.</p>
      <p class="actions">
        <a class="button" href="/register">Create an account</a>
        <a class="button secondary" href="/login">Log in</a>
      </p>
    </section>`;
