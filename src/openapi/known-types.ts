import type { IRoute } from 'routing-controllers-openapi';

type Param = IRoute['params'][number];

/**
 * Returns a route whose parameters the generator can read. It fails for a parameter without recorded type (compiled
 * without `emitDecoratorMetadata`), which becomes one of any type, and for `@QueryParams()` of a class without schema,
 * which is left out.
 */
export function withKnownTypes(route: IRoute, schemas: Readonly<Record<string, unknown>>): IRoute {
  const params = route.params
    .map((param) => (typesOf(param) ? param : untyped(param)))
    .filter((param) => param.type !== 'queries' || Object.hasOwn(schemas, typeNameOf(param)));
  return { ...route, params };
}

type Named = { readonly name?: string } | undefined;

function typesOf({ object, method }: Param): Named[] | undefined {
  return Reflect.getMetadata('design:paramtypes', object, method);
}

function typeNameOf(param: Param): string {
  return ((param.explicitType as Named) ?? typesOf(param)?.[param.index])?.name ?? '';
}

function untyped(param: Param): Param {
  const object = {};
  Reflect.defineMetadata('design:paramtypes', [], object, param.method);
  return { ...param, object };
}
