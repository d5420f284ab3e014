import { expect } from 'chai';
import { redirectTo } from '../../../src/errors/redirect-to';
import { bearer } from '../../support/http';
import { KeepAliveClient } from '../../support/keep-alive';
import { onEachServer } from '../../support/servers';
import { capturingStderr } from '../../support/stderr';
import { controllers, guarded, managerWith } from './refusing-routes';

/** How the login page is told where the visitor wanted to go. */
const destinations = {
  'in its query': {
    page: '/login',
    wanted: '/authorized?page=2&q=a%20b',
    location: '/login?next=%2Fauthorized%3Fpage%3D2%26q%3Da%2520b',
  },
  'beside what its query has already': {
    page: '/login?lang=en',
    wanted: '/authorized?q=a%20b&c=%2F',
    location: '/login?lang=en&next=%2Fauthorized%3Fq%3Da%2520b%26c%3D%252F',
  },
  'before its fragment': {
    page: '/login?lang=de#form',
    wanted: '/authorized',
    location: '/login?lang=de&next=%2Fauthorized#form',
  },
};

describe('redirectTo', () => {
  onEachServer((start) => {
    for (const defaultErrorHandler of [true, false]) {
      describe(`with defaultErrorHandler ${defaultErrorHandler}`, () => {
        const startWith = async (...args: Parameters<typeof redirectTo>) => {
          const manager = managerWith({ notAuthenticatedException: redirectTo(...args) });
          return (await start({ manager, controllers, defaultErrorHandler })).client;
        };

        for (const path of [...guarded, '/text/authorized']) {
          it(`sends visitors of ${path} to the login page`, async () => {
            const client = await startWith('/login');
            for (const sent of [{}, bearer('garbage')]) {
              const { status, headers } = await client.get(path).set(sent);
              expect([status, headers.location]).to.deep.equal([303, '/login']);
              expect(headers).not.to.have.property('www-authenticate');
            }
          });
        }

        for (const [name, { page, wanted, location }] of Object.entries(destinations)) {
          it(`tells the login page where the visitor wanted to go, ${name}`, async () => {
            const client = await startWith(page, { returnTo: 'next' });
            const { status, headers } = await client.get(wanted);
            expect([status, headers.location]).to.deep.equal([303, location]);
            expect(new URL(location, 'http://app.example').searchParams.get('next')).to.equal(wanted);
          });
        }

        it('does not send anybody back to what was posted', async () => {
          const client = await startWith('/login', { returnTo: 'next' });
          const { status, headers } = await client.post('/authorized');
          expect([status, headers.location]).to.deep.equal([303, '/login']);
        });
      });
    }

    it('costs nothing', async () => {
      const manager = managerWith({ notAuthenticatedException: redirectTo('/login') });
      const { url } = await start({ manager, controllers });
      const keepAlive = new KeepAliveClient(url);
      const written = await capturingStderr(async () => {
        for (let sent = 0; sent < 50; sent += 1) {
          expect((await keepAlive.send({ path: '/authorized' })).status).to.equal(303);
        }
      });
      keepAlive.close();
      expect(keepAlive.connections).to.equal(1);
      expect(written).to.equal('');
    });
  });
});
