import { createServer, type RequestListener } from 'node:http';
import { expect } from 'chai';
import fc from 'fast-check';
import { getMetadataArgsStorage } from 'routing-controllers';
import { ConfigurationError } from '../../src/errors/configuration-error';
import type { LoginManager } from '../../src/login-manager';
import { securedSpec } from '../../src/openapi/index';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { hierarchies } from '../support/hierarchy/arbitrary';
import { build, DENIED_POLICY, forgettingAfter } from '../support/hierarchy/builder';
import { type Hierarchy, SCOPES } from '../support/hierarchy/description';
import { settings } from '../support/hierarchy/settings';
import { bearer } from '../support/http';
import { KeepAliveClient } from '../support/keep-alive';
import { closeServers, createApp, type Framework, listen, nothingElse } from '../support/servers';
import '../support/quiet-lost-guards';
import { type Json, operationsIn } from './documents';
import { policiesOf, promisesOf } from './promises';

const HIERARCHIES_OF_EACH_FRAMEWORK = 100;

type Manager = LoginManager<Account>;

const managers = new Map<string, Manager>();
const tokens = new Map<string, string>();

/** What documents of random hierarchies promise, against the answers of real servers. */
describe('the document of any hierarchy of controllers', () => {
  for (const framework of ['Express 5', 'Koa'] as const satisfies Framework[]) {
    describe(`on ${framework}`, () => {
      let client: KeepAliveClient;
      let application: RequestListener;

      before(async () => {
        const { url } = await listen(createServer((request, response) => application(request, response)));
        client = new KeepAliveClient(url);
      });

      after(() => {
        client.close();
        closeServers();
      });

      it('says who may call what', async function () {
        this.timeout(60_000);
        this.slow(10_000);
        await fc.assert(
          fc.asyncProperty(hierarchies, (hierarchy) => forgettingAfter(() => checkDocument(hierarchy))),
          settings(HIERARCHIES_OF_EACH_FRAMEWORK),
        );
      });

      async function checkDocument(hierarchy: Hierarchy): Promise<void> {
        const manager = managerFor(hierarchy);
        const defaults = { paramOptions: { required: hierarchy.requiredByDefault } };
        const options = { ...nothingElse, controllers: build(hierarchy), defaults };
        const documented = () => securedSpec(manager, getMetadataArgsStorage(), options) as Json;
        const refusal = refusalOf(() => manager.routes(options));
        expect(refusalOf(documented)).to.equal(refusal);
        if (refusal !== undefined) return;
        const app = createApp(framework);
        if (framework === 'Koa') manager.useKoaServer(app, options);
        else manager.useExpressServer(app, options);
        application = framework === 'Koa' ? app.callback() : app;

        const operations = operationsIn(documented());
        const served = manager.routes(options).map(({ method, path }) => `${method} ${path}`);
        expect(operations.map(([name]) => name)).to.have.members(served);
        for (const [name, operation] of operations) await checkOperation(name, operation, manager);
      }

      async function checkOperation(name: string, operation: Json, manager: Manager): Promise<void> {
        for (const { name: why, scopes, status } of promisesOf(operation, SCOPES)) {
          const headers = scopes && bearer(tokenWith(scopes, manager));
          await expectAnswer(name, operation, { ...headers }, status === 'success' ? '200' : status, why);
        }
        for (const policy of policiesOf(operation)) {
          const headers = { ...bearer(tokenWith(SCOPES, manager)), [DENIED_POLICY]: policy };
          await expectAnswer(name, operation, headers, '403', `denied by ${policy}`);
        }
      }

      async function expectAnswer(
        name: string,
        operation: Json,
        headers: Record<string, string>,
        promised: string,
        why: string,
      ): Promise<void> {
        const [method = '', path = ''] = name.split(' ');
        const { status, body } = await client.send({ method, path: `${path}?q=text`, headers });
        expect(`${status}`, `${name} ${why}: ${body}`).to.equal(promised);
        expect(operation.responses, name).to.have.property(`${status}`);
      }
    });
  }
});

function managerFor({ defaultAccess, declaredScopes }: Hierarchy): Manager {
  const key = `${defaultAccess} ${declaredScopes}`;
  const scopes = declaredScopes && Object.fromEntries(declaredScopes.map((scope) => [scope, `May ${scope}`]));
  const manager = managers.get(key) ?? managerOf({ defaultAccess, ...(scopes && { scopes }) });
  managers.set(key, manager);
  return manager;
}

/** A token is good for all managers: they have one secret. */
function tokenWith(scopes: readonly string[], manager: Manager): string {
  const token = tokens.get(`${scopes}`) ?? tokenOf(manager, 'ada@example.com', scopes);
  tokens.set(`${scopes}`, token);
  return token;
}

/** The problems of the routes, if there are any; documents and servers introduce them differently. */
function refusalOf(make: () => unknown): string | undefined {
  try {
    make();
    return undefined;
  } catch (error) {
    expect(error).to.be.instanceOf(ConfigurationError);
    return (error as Error).message.split('\n').slice(1).sort().join('\n');
  }
}
