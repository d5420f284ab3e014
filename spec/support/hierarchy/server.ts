import { createServer, type RequestListener } from 'node:http';
import type { RoutingControllersOptions } from 'routing-controllers';
import type { LoginManager, ScopeDefinitions } from '../../../src/index';
import { type Account, managerOf } from '../accounts';
import { type Answer, type Call, KeepAliveClient } from '../keep-alive';
import { createApp, type Framework, listen, nothingElse, registerSecurely } from '../servers';
import { build } from './builder';
import type { Hierarchy, Implications, Scope } from './description';
import type { Login } from './probes';

export interface HierarchyServer {
  /** Serves the controllers of a hierarchy from now on; whatever of them there is, where they are refused. */
  serve(manager: LoginManager<Account>, options: RoutingControllersOptions): void;
  send(call: Call): Promise<Answer>;
}

/**
 * One server and one connection for the applications of all hierarchies of a spec: to start it takes longer than to ask
 * it.
 */
export function hierarchyServer(framework: Framework): HierarchyServer {
  let client: KeepAliveClient;
  let application: RequestListener;

  beforeEach(async () => {
    const { url } = await listen(createServer((request, response) => application(request, response)));
    client = new KeepAliveClient(url);
  });

  afterEach(() => client.close());

  return {
    serve(manager, options) {
      const app = createApp(framework);
      try {
        registerSecurely(app, { ...options, manager });
      } finally {
        application = framework === 'Koa' ? app.callback() : app;
      }
    },
    send: (call) => client.send(call),
  };
}

/** The options with which a hierarchy is served. Its classes are made for them. */
export function optionsOf(hierarchy: Hierarchy) {
  return {
    ...nothingElse,
    controllers: build(hierarchy),
    defaults: { paramOptions: { required: hierarchy.requiredByDefault } },
  };
}

/** The option `scopes` of declared scopes. */
export function definitionsOf(declared: readonly Scope[], implies: Implications): ScopeDefinitions {
  return Object.fromEntries(
    declared.map((scope) => [scope, { description: `May ${scope}`, implies: implies[scope] ?? [] }]),
  );
}

// Hierarchies of the same options share a manager: none may leave anything behind for the next.
const managers = new Map<string, LoginManager<Account>>();

export function managerFor({ defaultAccess, declaredScopes, implies }: Hierarchy): LoginManager<Account> {
  const key = JSON.stringify([defaultAccess, declaredScopes, implies]);
  const scopes = declaredScopes && definitionsOf(declaredScopes, implies);
  const manager = managers.get(key) ?? managerOf({ defaultAccess, ...(scopes && { scopes }) });
  managers.set(key, manager);
  return manager;
}

// The managers have the same secret, so that a token of one is good for all.
const issuer = managerOf();
const tokens = new Map<string, string>();

export const EMAIL = 'ada@example.com';

export function tokenWith(scopes: readonly string[], { age, acr }: Login = { age: 0 }): string {
  const key = JSON.stringify([scopes, age, acr]);
  const data = { sub: EMAIL, auth_time: Math.floor(Date.now() / 1000) - age, ...(acr && { acr }) };
  const token = tokens.get(key) ?? issuer.createAccessToken({ data, scopes });
  tokens.set(key, token);
  return token;
}
