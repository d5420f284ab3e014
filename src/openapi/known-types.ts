import type { IRoute } from 'routing-controllers-openapi';

type Param = IRoute['params'][number];

/**
 * A route whose parameters the generator can read. It throws at one whose types nobody recorded (compiled without
 * `emitDecoratorMetadata`), and at `@QueryParams()` of a class that has no schema: the former becomes a parameter of
 * any type, the latter cannot be told.
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
