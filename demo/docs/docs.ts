import { Router } from 'express';
import helmet from 'helmet';
import type { OpenApiDocument } from 'routing-controllers-login/openapi';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { docsPage } from './docs-page';

/** Swagger UI is a script, its style sheet contains icons as data, and it calls the API. Nothing is inline. */
const securityPolicy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    baseUri: ["'none'"],
    connectSrc: ["'self'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
    imgSrc: ["'self'", 'data:'],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
  },
});

/** The files of swagger-ui-dist that the page needs. Its own page would show an example API. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** Serves the API document, and a page to try the API. */
export function docs(document: OpenApiDocument): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => void response.json(document));
  router.get('/docs', securityPolicy, (_request, response) => void response.send(docsPage));
  for (const file of files) {
    router.get(`/docs/${file}`, (_request, response) => response.sendFile(file, { root: getAbsoluteFSPath() }));
  }
  return router;
}
