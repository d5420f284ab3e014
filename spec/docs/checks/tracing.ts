import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect } from 'chai';
import express from 'express';
import { LoginManager, MemorySessionStore } from 'routing-controllers-login';
import supertest from 'supertest';
import { bearer } from '../../support/http';
import type { Check } from '../check';
import { whoAmI } from '../trying';

/** A span for each request, as the instrumentation of http makes one. */
const check: Check = async ({ SECRET, Database }) => {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const tracer = trace.getTracer('check');

  let isBroken = false;
  const store = new MemorySessionStore();
  const read = store.read.bind(store);
  store.read = (...args) => (isBroken ? Promise.reject(new Error('down')) : read(...args));
  const lm = new LoginManager<object>(SECRET, '/login', { sessionStore: store });
  lm.userLoader()(async (email: string): Promise<object> => new Database().accounts.find(email));

  const app = express();
  app.use((_request, response, next) =>
    tracer.startActiveSpan('request', (span) => {
      response.on('finish', () => span.end());
      next();
    }),
  );
  app.use(whoAmI(lm));
  const client = supertest(app);
  const spanOf = async (token: string) => {
    exporter.reset();
    await client.get('/').set(bearer(token));
    const [span] = exporter.getFinishedSpans();
    return span;
  };

  const { access_token } = await lm.createTokenResponse({ data: { sub: 'ada@example.com' } });
  const [session] = await lm.sessions('ada@example.com');
  expect((await spanOf(access_token))?.attributes).to.deep.equal({
    'enduser.id': 'ada@example.com',
    'session.id': session?.id,
  });
  const refused = await spanOf('a.b.c');
  expect(refused?.attributes).to.deep.equal({});
  expect(refused?.events[0]).to.deep.include({ name: 'refused', attributes: { code: 'token_invalid' } });
  isBroken = true;
  expect((await spanOf(access_token))?.events[0]).to.deep.include({ name: 'exception' });
};

export default check;
