import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, relative } from 'node:path';

const site = join(import.meta.dirname, '../dist');

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** Paths of the built pages. Of the generated API, one page of each kind. */
export function pages() {
  if (!existsSync(site)) throw new Error('The site is not built; run npm run docs:build first');
  const all = readdirSync(site, { recursive: true })
    .filter((path) => path.endsWith('.html'))
    .map((path) => relative(site, join(site, path)))
    .sort();
  const api = ['index', 'routing-controllers-login/classes/LoginManager', 'routing-controllers-login/functions/policy'];
  return [
    ...all.filter((path) => !path.startsWith('reference/api/')),
    ...api.map((path) => `reference/api/${path}.html`),
  ].map((path) => `/${path}`);
}

/** Serves the built site on any free port of the loopback. */
export async function serve() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = join(site, decodeURIComponent(pathname.endsWith('/') ? `${pathname}index.html` : pathname));
    if (!file.startsWith(site) || !existsSync(file)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}
