import { execFileSync } from 'node:child_process';

/** Where the provider and the API of a sample listen once it is loaded: free ports, because a sample names them first. */
const freePorts = `
  const servers = [0, 1].map(() => require('node:net').createServer().listen(0, '127.0.0.1'));
  setImmediate(function print() {
    if (!servers.every((server) => server.listening)) return setImmediate(print);
    console.log(JSON.stringify(servers.map((server) => server.address().port)));
    servers.forEach((server) => server.close());
  });
`;
const [provider, api] = JSON.parse(execFileSync(process.execPath, ['-e', freePorts], { encoding: 'utf8' }));

Object.assign(process.env, {
  ISSUER: `http://127.0.0.1:${provider}`,
  RESOURCE: `http://127.0.0.1:${api}/mcp`,
  CLIENT_ID: '1example23456789',
  SUPABASE_JWT_SECRET: 'forty bytes that nobody else knows of....',
});
