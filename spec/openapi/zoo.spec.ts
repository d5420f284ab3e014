import { expect } from 'chai';
import type { LoginManager } from '../../src/manager/login-manager';
import { type Account, managerOf, tokenOf } from '../support/accounts';
import { bearer, cookie, foreign } from '../support/http';
import { type Answer, KeepAliveClient } from '../support/keep-alive';
import { closeServers, starter } from '../support/servers';
import '../support/quiet-lost-guards';
import { documentOf, expectValid, type Json, operationsIn } from './documents';
import { policiesOf, promisesOf, scopesIn } from './promises';
import { DENY, zoo } from './zoo';

const managers: Record<string, LoginManager<Account>> = {
  'routes open by default': managerOf(),
  'routes closed by default, and cookies': managerOf({ defaultAccess: 'authenticated', useCookie: true }),
};

const LOGIN = JSON.stringify({ username: 'ada@example.com', password: 'correct horse' });

describe('the document of a zoo', () => {
  // One server for all operations: starter without the suite that closes it after each test.
  for (const framework of ['Express 5', 'Express 4', 'Koa'] as const) {
    for (const [name, manager] of Object.entries(managers)) {
      describe(`on ${framework}, with ${name}`, () => {
        const options = { controllers: zoo, routePrefix: '/zoo' };
        const document = documentOf({ manager, ...options });
        const operations = operationsIn(document);
        const universe = scopesIn(operations.map(([, operation]) => operation));
        const tokens = new Map<string, string>();
        let client: KeepAliveClient;

        before(async () => {
          client = new KeepAliveClient((await starter(framework, 'secure')({ manager, ...options })).url);
        });

        after(() => {
          client.close();
          closeServers();
        });

        const tokenWith = (scopes: readonly string[]) => {
          const token = tokens.get(`${scopes}`) ?? tokenOf(manager, 'ada@example.com', scopes);
          tokens.set(`${scopes}`, token);
          return token;
        };

        const call = (operationName: string, operation: Json, headers: Record<string, string>): Promise<Answer> => {
          const [method = '', path = ''] = operationName.split(' ');
          const type = operation.requestBody && { 'Content-Type': 'application/json' };
          return client.send({
            method,
            path: path.replace(/\{\w+\}/g, '1'),
            headers: { ...headers, ...type },
            ...(type && { body: LOGIN }),
          });
        };

        /** The status is one that the document has for the operation, and the body is what it says of that. */
        const expectDocumented = ({ status, headers, body }: Answer, operation: Json, message: string) => {
          const response = operation.responses[status];
          expect(response, message).to.be.an('object');
          const [type = ''] = Object.keys(response.content);
          const [mediaType = ''] = type.split(';');
          const isJson = mediaType === 'application/json';
          // Koa tells by a text's first character whether it is HTML.
          if (isJson || framework !== 'Koa') expect(headers['content-type'], message).to.contain(mediaType);
          if (!isJson) return;
          const reference = response.content[type].schema?.$ref;
          if (!reference) return;
          const schema = document.components.schemas[reference.split('/').pop()];
          expect(JSON.parse(body), message).to.include.all.keys(...schema.required);
          expect(Object.keys(schema.properties), message).to.include.members(Object.keys(JSON.parse(body)));
        };

        const expectAnswer = async (
          operationName: string,
          headers: Record<string, string>,
          status: string,
          why: string,
        ) => {
          const operation = operations.find(([one]) => one === operationName)?.[1];
          const answer = await call(operationName, operation, headers);
          const message = `${operationName} ${why}: ${answer.body}`;
          if (status === 'success') expect(answer.status, message).to.be.within(200, 299);
          else expect(`${answer.status}`, message).to.equal(status);
          expectDocumented(answer, operation, message);
        };

        it('is valid', async () => {
          await expectValid(document);
          expect(operations).to.have.lengthOf(27);
          expect(universe).to.have.lengthOf(8);
        });

        for (const [operationName, operation] of operations) {
          it(`says who may call ${operationName}`, async () => {
            for (const { name: why, scopes, status } of promisesOf(operation, universe)) {
              await expectAnswer(operationName, scopes ? bearer(tokenWith(scopes)) : {}, status, why);
            }
            await expectAnswer(
              operationName,
              bearer('a.b.c'),
              isOpen(operation) ? 'success' : '401',
              'with a bad token',
            );
            for (const policy of policiesOf(operation)) {
              const headers = { ...bearer(tokenWith(universe)), [DENY]: policy };
              await expectAnswer(operationName, headers, '403', `denied by ${policy}`);
            }
          });
        }

        if (!document.components.securitySchemes.cookieAuth) return;

        it('says who may call with the cookie, and that a foreign page may not', async () => {
          for (const [operationName, operation] of operations) {
            const isUnsafe = !operationName.startsWith('GET');
            const own = cookie(tokenWith(universe));
            await expectAnswer(operationName, own, 'success', 'with the cookie');
            const refused = isUnsafe && !isOpen(operation) ? '403' : 'success';
            await expectAnswer(operationName, { ...own, ...foreign }, refused, 'with the cookie from a foreign page');
            if (!isOpen(operation)) expect(operation.security, operationName).to.deep.include({ cookieAuth: [] });
          }
        });

        it(`leaves no route of ${framework} out`, () => {
          const served = manager.routes(options).flatMap(({ method, path }) => {
            const documented = path.replace(/:(\w+)/g, '{$1}');
            return method === 'ALL'
              ? ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'].map((one) => `${one} ${documented}`)
              : [`${method} ${documented}`];
          });
          expect(operations.map(([one]) => one)).to.have.members(served);
        });
      });
    }
  }
});

function isOpen({ security = [] }: Json): boolean {
  return security.length === 0 || security.some((one: object) => Object.keys(one).length === 0);
}
