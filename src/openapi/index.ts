/**
 * The OpenAPI document with what each operation requires.
 *
 * @module routing-controllers-login/openapi
 */

// Loaded before the generator, whose older copy must not be the first.
import 'reflect-metadata';

export type { OpenApiDocument } from './document';
export { securedSpec } from './secured-spec';
