import { Router } from 'express';
import helmet from 'helmet';
import type { OpenApiDocument } from 'routing-controllers-login/openapi';
import { getAbsoluteFSPath } from 'swagger-ui-dist';
import { docsPage } from './docs-page';

/** Swagger UI is a script, its style sheet holds icons as data, and it calls the API. Nothing inline here, either. */
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

/** Of swagger-ui-dist only what the page needs: its own page would show somebody else's API. */
const files = ['swagger-ui.css', 'swagger-ui-bundle.js'];

/** The API, as a document for programs and as a page to try it on. */
export function docs(document: OpenApiDocument): Router {
  const router = Router();
  router.get('/openapi.json', (_request, response) => void response.json(document));
  router.get('/docs', securityPolicy, (_request, response) => void response.send(docsPage));
  for (const file of files) {
    router.get(`/docs/${file}`, (_request, response) => response.sendFile(file, { root: getAbsoluteFSPath() }));
  }
  return router;
}
