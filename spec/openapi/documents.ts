import SwaggerParser from '@apidevtools/swagger-parser';
import { Validator } from '@seriousme/openapi-schema-validator';
import { expect } from 'chai';
import { getMetadataArgsStorage, MetadataArgsStorage, type RoutingControllersOptions } from 'routing-controllers';
import type { LoginManager } from '../../src/manager/login-manager';
import { type OpenApiDocument, securedSpec } from '../../src/openapi/index';

// biome-ignore lint/suspicious/noExplicitAny: of whatever user
type AnyManager = LoginManager<any>;

/** Loosely typed, as the generator's own types are. */
// biome-ignore lint/suspicious/noExplicitAny: specs know their documents
export type Json = any;

type Controllers = NonNullable<RoutingControllersOptions['controllers']>;

export interface DocumentOptions extends Omit<RoutingControllersOptions, 'controllers'> {
  manager: AnyManager | readonly AnyManager[];
  controllers: Controllers;
  /** The `additionalProperties`. */
  with?: Partial<OpenApiDocument>;
}

/** The document of these controllers alone. */
export function documentOf({ manager, with: additional, ...options }: DocumentOptions): Json {
  return securedSpec(manager, getMetadataArgsStorage(), options, additional);
}

/** An operation of the document of these controllers, by method and path: `'GET /notes'`. */
export function operationOf(name: string, options: DocumentOptions): Json {
  return operationIn(documentOf(options), name);
}

export function operationIn(document: Json, name: string): Json {
  const [method = '', path = ''] = name.split(' ');
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`The document has no ${name}, but ${operationsIn(document).map(([one]) => one)}`);
  return operation;
}

/** All operations with their names, in the order of the document. */
export function operationsIn(document: Json): [string, Json][] {
  return Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]): [string, Json] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

/** What routing-controllers knows of these classes alone: the process has those of all specs. */
export function storageOf(...classes: unknown[]): MetadataArgsStorage {
  const storage = new MetadataArgsStorage();
  for (const [name, list] of Object.entries(getMetadataArgsStorage())) {
    const ofThese = (list as Json[]).filter(({ target, object }) => classes.includes(target ?? object?.constructor));
    Object.assign(storage, { [name]: ofThese });
  }
  return storage;
}

const validator = new Validator();

/** Asks two validators that have nothing in common. */
export async function expectValid(document: Json): Promise<void> {
  const { valid, errors } = await validator.validate(structuredClone(document));
  expect(errors ?? [], '@seriousme/openapi-schema-validator').to.deep.equal([]);
  expect(valid, '@seriousme/openapi-schema-validator').to.equal(true);
  await SwaggerParser.validate(structuredClone(document));
}
