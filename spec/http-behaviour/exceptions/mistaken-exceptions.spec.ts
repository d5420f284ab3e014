import { expect } from 'chai';
import { Accounts } from '../../support/accounts';
import { noErrors, noHeaders, noStatuses } from '../../support/bad-exceptions';
import { onEachSecureServer, onEachServer } from '../../support/servers';
import { SlowAccounts } from '../../support/slow-accounts';
import { silencingStderr } from '../../support/stderr';
import { refusingUnhandledRejections } from '../../support/unhandled';
import { answering, controllers, type Exception, managerWith, withoutScope } from './refusing-routes';

describe('mistakes in notAuthenticatedException and outOfScopeException', () => {
  silencingStderr();
  refusingUnhandledRejections();

  onEachServer((start) => {
    const { checkAnswers } = answering(start);

    for (const [name, make] of Object.entries(noErrors)) {
      it(`let nobody in where the function returns ${name}: 500`, async () => {
        await checkAnswers(make as Exception, ({ status, body }) => {
          expect([status, body.name]).to.deep.equal([500, 'ConfigurationError']);
        });
      });
    }

    it('let nobody in where the function is asynchronous and fails: 500, and the process lives on', async () => {
      const failing = (async () => Promise.reject(new Error('no'))) as never;
      await checkAnswers(failing, ({ status }) => expect(status).to.equal(500));
    });

    for (const [name, httpCode] of Object.entries(noStatuses)) {
      it(`have the usual status where their httpCode is ${name}`, async () => {
        const made = () => Object.assign(new Error('No'), { httpCode });
        await checkAnswers(made, ({ status }, request) => expect(status).to.equal(request.status));
      });
    }

    for (const [name, headers] of Object.entries(noHeaders)) {
      it(`are a 500 with headers ${name}, and the process lives on`, async () => {
        const made = () => Object.assign(new Error('No'), { headers });
        await checkAnswers(made, (answer) => {
          expect([answer.status, answer.body.name]).to.deep.equal([500, 'ConfigurationError']);
          expect(answer.headers).not.to.have.any.keys('set-cookie', 'x-reason');
        });
      });
    }
  });

  // On routing-controllers' own servers such an error goes where any error goes that cannot be shown.
  onEachSecureServer((start) => {
    for (const userLoader of [Accounts, SlowAccounts]) {
      it(`let nobody in, and are answered, where they cannot be shown, with the loader of ${userLoader.name}`, async () => {
        const toJSON = () => {
          throw new Error('cannot be shown');
        };
        const outOfScopeException = () => Object.assign(new Error('no'), { toJSON });
        const { client } = await start({ manager: managerWith({ userLoader, outOfScopeException }), controllers });
        const { status, text } = await client.get('/admin').set(withoutScope);
        expect(status).to.be.at.least(400);
        expect(text).not.to.contain('secret');
      });
    }
  });
});
