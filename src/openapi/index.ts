// Before the generator, which brings an older copy that must not be the first.
import 'reflect-metadata';

export { type OpenApiDocument, securedSpec } from './secured-spec';
