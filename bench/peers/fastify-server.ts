import fastifyJwt from '@fastify/jwt';
import fastify, { type FastifyInstance } from 'fastify';
import { SCOPE, type ServerConfig, USER } from './contract';

export async function fastifyServer({ candidate, algorithm, verifying }: ServerConfig): Promise<FastifyInstance> {
  const app = fastify();
  if (candidate === 'Fastify alone') {
    app.get('/notes-0', async () => USER);
    return app;
  }
  const secret = algorithm === 'HS256' ? verifying : { public: verifying };
  await app.register(fastifyJwt, { secret, verify: { algorithms: [algorithm], cache: true } });
  app.get(
    '/notes-0',
    {
      onRequest: async (request, reply) => {
        const { scopes } = await request.jwtVerify<{ scopes: string[] }>();
        if (!scopes.includes(SCOPE)) reply.code(403).send({ message: 'Insufficient scope' });
      },
    },
    async () => USER,
  );
  return app;
}
