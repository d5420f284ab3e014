// node target.js <framework> [<flaw>]: the server that the fuzzer talks to, in a process of its own. With a flaw it breaks
// a promise of the library, so that the fuzzer can be seen to notice it.

import 'reflect-metadata';
import {
  Authorized,
  Body,
  CurrentUser,
  Get,
  HeaderParam,
  JsonController,
  Post,
  Req,
  Res,
  UploadedFile,
} from 'routing-controllers';
import { LoginManager } from '../../src/manager/login-manager';
import { PasswordForm } from '../../src/oauth2/password-form';
import type { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { MemorySessionStore } from '../../src/sessions/stores/memory-session-store';
import { type Account, Accounts, SECRET } from '../support/accounts';
import { type App, type Framework, starter } from '../support/servers';
import { forge } from '../support/tokens';
import { type Flaw, ID, LET_IN, PASSWORD, type Target, type User, users } from './protocol';

const flaw = process.argv[3] as Flaw | undefined;

function createManager(): LoginManager<Account> {
  return new LoginManager<Account>(SECRET, '/token', {
    userLoader: Accounts,
    useCookie: true,
    refreshUrl: '/token',
    sessionStore: new MemorySessionStore(),
    defaultExpiry: '1d',
    trustedOrigins: ['https://app.example', 'https://*.app.example'],
  });
}

const manager = createManager();

/** Logs in and out. A login ends the session that it replaces, and the good tokens must stay good. */
const logins = createManager();

function letIn(response: App, account: Account | null): object {
  if (account) response.set(LET_IN, account.email);
  return { letIn: account?.email ?? null };
}

@JsonController()
class Routes {
  @Get('/public')
  public() {
    return { public: true };
  }

  @Get('/optional')
  optional(@CurrentUser() account: Account | null, @Res() response: App) {
    return letIn(response, account);
  }

  @Authorized()
  @Get('/me')
  me(@CurrentUser() account: Account, @Res() response: App) {
    return letIn(response, account);
  }

  @Authorized('write')
  @Post('/notes')
  write(@CurrentUser() account: Account, @Body() _body: object, @Res() response: App) {
    return letIn(response, account);
  }

  @Authorized((account: Account) => account.admin)
  @Post('/upload')
  upload(@CurrentUser() account: Account, @UploadedFile('file') _file: object, @Res() response: App) {
    return letIn(response, account);
  }

  @Post('/login')
  async login(@PasswordForm() form: OAuth2PasswordRequestForm, @Res() response: App) {
    if (form.password !== PASSWORD) return { refused: true };
    await logins.login(response, { data: { sub: 'ada@example.com' } });
    return {};
  }

  @Post('/logout')
  async logout(@Req() request: App, @Res() response: App) {
    await logins.logout(request, response);
    return {};
  }

  @Get('/boom')
  boom() {
    throw new Error('The application failed');
  }

  @Get('/flaw')
  flawed(@Res() response: App, @HeaderParam('authorization') header: string) {
    if (flaw === 'open') response.set(LET_IN, 'ada@example.com');
    if (flaw === 'fails') throw new Error('A failure');
    if (flaw === 'echoes') return { header };
    if (flaw === 'stack') return { stack: new Error('A failure').stack };
    if (flaw === 'hangs') return new Promise(() => undefined);
    if (flaw === 'dies') setImmediate(() => process.exit(1));
    return {};
  }
}

const emailOf: Record<User, string> = { ada: 'ada@example.com', bob: 'bob@example.com' };

async function target(port: number): Promise<Target> {
  const scopes = ['write'];
  const good = Object.fromEntries(
    users.map((user) => [user, manager.createAccessToken({ data: { sub: emailOf[user] }, scopes })]),
  ) as Record<User, string>;
  const sub = emailOf.ada;
  const { refresh_token: refresh = '' } = await logins.createTokenResponse({ data: { sub }, scopes, refresh: true });
  const ended = await manager.createTokenResponse({ data: { sub }, refresh: true });
  await manager.revoke(ended.access_token);
  const exp = Math.floor(Date.now() / 1000) + 86_400;
  const bad = [
    refresh,
    ended.access_token,
    manager.createAccessToken({ data: { sub: 'eve@example.com' }, scopes }),
    forge({ payload: { sub, exp: 1, scopes } }),
    forge({ payload: { sub, exp, scopes }, key: `${SECRET}.` }),
    forge({ payload: { sub, exp, scopes }, header: { alg: 'none' } }),
    forge({ payload: { sub, exp, scopes }, header: { alg: 'HS256', crit: ['exp'] } }),
    forge({ payload: { sub, exp, aud: 'web', scopes } }),
    forge({ payload: [sub, exp] }),
  ];
  return { port, good, bad, refresh: [refresh] };
}

/** Each answer says which request it is of. */
function echoId(...args: App[]): unknown {
  const [request, response] = args.length === 2 ? [args[0].req, args[0].res] : args;
  const id = request.headers[ID];
  if (/^\d{1,9}$/.test(id)) response.setHeader(ID, id);
  return args.at(-1)();
}

async function main(framework: Framework): Promise<void> {
  const endpoints = tokenEndpoints(logins, {
    cookies: true,
    verifyPassword: (name, password) =>
      password === PASSWORD && name === 'ada' ? { data: { sub: emailOf.ada }, scopes: ['write'] } : null,
  });
  const { url } = await starter(
    framework,
    'secure',
  )({
    manager,
    controllers: [Routes, endpoints],
    before: (app) => app.use(framework === 'Koa' ? (context: App, next: App) => echoId(context, next) : echoId),
  });
  process.send?.(await target(Number(new URL(url).port)));
}

main(process.argv[2] as Framework);
