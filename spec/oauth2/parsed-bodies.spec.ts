import bodyParser from 'body-parser';
import { expect } from 'chai';
import express from 'express';
import koaBodyParser from 'koa-bodyparser';
import { JsonController, Post } from 'routing-controllers';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { managerOf } from '../support/accounts';
import { type App, closeServers, type Framework, type RunningServer, starter } from '../support/servers';
import { silencingStderr } from '../support/stderr';

@JsonController()
class Login {
  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return form;
  }
}

/** As koa-body and others do it: the body is read away, and what it held is in `ctx.request.body`. */
async function likeKoaBody(context: App, next: () => Promise<void>): Promise<void> {
  let text = '';
  for await (const chunk of context.req) text += chunk;
  if (context.is('json')) context.request.body = JSON.parse(text);
  else context.request.body = Object.fromEntries(new URLSearchParams(text));
  await next();
}

const setUps: [Framework, string, ((app: App) => void) | undefined][] = [
  ['Express 5', 'no parser', undefined],
  ['Express 5', 'express.urlencoded and express.json', (app) => app.use(express.urlencoded(), express.json())],
  ['Express 5', 'express.json alone', (app) => app.use(express.json())],
  ['Express 5', 'express.urlencoded alone, extended', (app) => app.use(express.urlencoded({ extended: true }))],
  ['Express 5', 'body-parser 1', (app) => app.use(bodyParser.urlencoded({ extended: true }), bodyParser.json())],
  ['Express 4', 'no parser', undefined],
  ['Express 4', 'body-parser 1', (app) => app.use(bodyParser.urlencoded({ extended: true }), bodyParser.json())],
  ['Koa', 'no parser', undefined],
  ['Koa', 'koa-bodyparser', (app) => app.use(koaBodyParser())],
  ['Koa', 'a parser like koa-body', (app) => app.use(likeKoaBody)],
];

const FORM = 'application/x-www-form-urlencoded';
const SUBMITTED = 'hunter2';
const ADA = { username: 'ada@example.com', password: 'p4$$ w&rd=ä+' };
const basic = (text: string) => ({ Authorization: `Basic ${Buffer.from(text).toString('base64')}` });

describe('the password form behind parsers of the application', () => {
  silencingStderr();

  for (const [framework, name, before] of setUps) {
    describe(`${framework}, ${name}`, () => {
      let server: RunningServer;

      beforeEach(async () => {
        server = await starter(framework, 'secure')({ manager: managerOf(), controllers: [Login], before });
      });
      afterEach(closeServers);

      const send = (type: string, body: string | object, headers = {}) =>
        server.client
          .post('/login')
          .set({ 'Content-Type': type, ...headers })
          .send(typeof body === 'string' || type !== FORM ? body : new URLSearchParams(body as never).toString());
      const both = async (fields: object, headers = {}) => [
        await send(FORM, fields, headers),
        await send('application/json', fields, headers),
      ];

      it('is read, form-encoded and as JSON', async () => {
        for (const { status, body, headers } of await both({ ...ADA, scope: 'a b' })) {
          expect(status).to.equal(200);
          expect(body).to.deep.equal({ ...ADA, grant_type: 'password', scopes: ['a', 'b'] });
          expect(headers['cache-control']).to.equal('no-store');
        }
      });

      it('has the client’s credentials of a Basic header, decoded', async () => {
        const header = basic(`${encodeURIComponent('a:client')}:${encodeURIComponent('s%c+rät').replace(/%20/g, '+')}`);
        for (const { status, body } of await both(ADA, header)) {
          expect([status, body.client_id, body.client_secret]).to.deep.equal([200, 'a:client', 's%c+rät']);
        }
      });

      it('has the client’s credentials of the body', async () => {
        for (const { body } of await both(
          { ...ADA, client_id: 'a', client_secret: 'b' },
          { Authorization: 'Bearer x' },
        )) {
          expect(body).to.include({ client_id: 'a', client_secret: 'b' });
        }
      });

      it('refuses them in two places', async () => {
        const answers = await both({ ...ADA, client_id: 'a', client_secret: SUBMITTED }, basic(`a:${SUBMITTED}`));
        for (const { status, body, text, headers } of answers) {
          expect([status, body.error]).to.deep.equal([400, 'invalid_request']);
          expect(headers['cache-control']).to.equal('no-store');
          expect(text).not.to.contain(SUBMITTED);
        }
      });

      it('refuses a Basic header that cannot be read, 401 with a challenge', async () => {
        for (const header of [basic(SUBMITTED), basic(`%E0%A4%A:${SUBMITTED}`), { Authorization: 'Basic' }]) {
          const { status, body, headers, text } = await send(FORM, ADA, header);
          expect([status, body.error]).to.deep.equal([401, 'invalid_client']);
          expect(headers['www-authenticate']).to.match(/^Basic realm=/);
          expect(headers['cache-control']).to.equal('no-store');
          expect(text).not.to.contain(SUBMITTED);
        }
      });

      it('refuses what is missing, nested or repeated', async () => {
        const answers = [
          ...(await both({ password: SUBMITTED })),
          ...(await both({ ...ADA, grant_type: SUBMITTED })),
          ...(await both({ ...ADA, scope: `"${SUBMITTED}"` })),
          await send(FORM, `username[$ne]=${SUBMITTED}&password=${SUBMITTED}`),
          await send('application/json', { username: { $ne: SUBMITTED }, password: SUBMITTED }),
          await send('application/json', { username: [SUBMITTED], password: SUBMITTED }),
        ];
        // What reads a repeated field as one has lost the other already.
        if (!name.includes('koa-body')) answers.push(await send(FORM, `username=a&password=b&password=${SUBMITTED}`));
        for (const { status, body, headers, text } of answers) {
          expect(status, text).to.equal(400);
          expect(body).to.have.all.keys('error', 'error_description');
          expect(headers['cache-control']).to.equal('no-store');
          expect(text).not.to.contain(SUBMITTED);
        }
      });

      if (before) return;

      for (const [what, type, body, status] of [
        ['JSON that quotes the password where it is malformed', 'application/json', `{"password":${SUBMITTED}}`, 400],
        ['JSON that is cut off', 'application/json', `{"password":"${SUBMITTED}`, 400],
        ['JSON that is text', 'application/json', `"${SUBMITTED}"`, 400],
        ['another content type', 'text/plain', `password=${SUBMITTED}`, 415],
        ['a form that is too large', FORM, `password=${SUBMITTED}&x=${'x'.repeat(20_000)}`, 413],
        ['JSON that is too large', 'application/json', `{"password":"${SUBMITTED}${'x'.repeat(20_000)}"}`, 413],
        ['a form that is much too large', FORM, `password=${SUBMITTED}&x=${'x'.repeat(2_000_000)}`, 413],
      ] as const) {
        it(`refuses ${what}: ${status}, an OAuth 2 error`, async () => {
          const answer = await send(type, body);
          expect([answer.status, answer.body.error], answer.text).to.deep.equal([status, 'invalid_request']);
          expect(answer.headers['cache-control']).to.equal('no-store');
          expect(answer.text).not.to.contain(SUBMITTED);
        });
      }
    });
  }
});
