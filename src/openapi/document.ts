import type { routingControllersToSpec } from 'routing-controllers-openapi';

/** An OpenAPI 3.0 document, as routing-controllers-openapi types it. */
export type OpenApiDocument = ReturnType<typeof routingControllersToSpec>;
