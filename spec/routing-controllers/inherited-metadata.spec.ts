import { expect } from 'chai';
import { Get, UseAfter, UseBefore, UseInterceptor } from 'routing-controllers';
import { ControllerMetadata } from '../../src/authorization/controller-metadata';
import { getRouteMetadata } from '../../src/authorization/route-access';
import { interceptorsOf, usesOf } from '../../src/routing-controllers/inherited-metadata';
import '../support/quiet-lost-guards';

// biome-ignore lint/complexity/noBannedTypes: as routing-controllers types middleware
const named = (name: string): Function => Object.defineProperty(() => undefined, 'name', { value: name });
const shared = named('shared');
const sharedInterceptor = named('shared') as never;
const [baseClass, baseMethod, derivedClass, derivedMethod] = [
  'base class',
  'base method',
  'derived class',
  'derived method',
].map((name) => named(name) as never);

@UseBefore(named('base class'))
@UseAfter(shared)
@UseInterceptor(baseClass as never)
class Base {
  @UseBefore(named('base method'), shared)
  @UseInterceptor(baseMethod as never)
  @UseInterceptor(sharedInterceptor)
  @Get()
  method() {
    return {};
  }
}

@UseBefore(named('derived class'))
@UseInterceptor(derivedClass as never)
class Derived extends Base {
  @UseBefore(shared, named('derived method'))
  @UseInterceptor(derivedMethod as never)
  @UseInterceptor(sharedInterceptor)
  override method() {
    return {};
  }
}

class Twice {
  @UseBefore(shared, shared)
  @Get()
  method() {
    return {};
  }
}

const routeOf = (type: typeof Base) => getRouteMetadata(type, 'method', new ControllerMetadata(), false);
const namesOf = (type: new () => object) =>
  usesOf(routeOf(type as typeof Base)).map(
    ({ middleware, afterAction }) => `${middleware.name}${afterAction ? ' after' : ''}`,
  );

describe('usesOf', () => {
  it('is the middleware of classes, then of methods, of the base before the derived', () => {
    expect(namesOf(Derived)).to.deep.equal([
      'shared after',
      'base class',
      'derived class',
      'base method',
      'shared',
      'derived method',
    ]);
  });

  it('has what two levels say once, before and after being two things', () => {
    expect(namesOf(Derived).filter((name) => name.startsWith('shared'))).to.deep.equal(['shared after', 'shared']);
  });

  it('has what one level says twice as often as it says it', () => {
    expect(namesOf(Twice)).to.deep.equal(['shared', 'shared']);
  });
});

describe('interceptorsOf', () => {
  const namesOf = (type: typeof Base, method?: string) =>
    interceptorsOf(routeOf(type), method).map(({ interceptor }) => interceptor.name);

  it("are a base class's before a derived class's", () => {
    expect(namesOf(Derived)).to.deep.equal(['base class', 'derived class']);
  });

  it("are a base's before a derived class's for the method too, and a repeated one is the base's", () => {
    expect(namesOf(Derived, 'method')).to.have.members(['base method', 'shared', 'derived method']);
    expect(namesOf(Derived, 'method').at(-1)).to.equal('derived method');
  });

  it('are as they are written for a controller that extends nothing', () => {
    expect(namesOf(Base)).to.deep.equal(['base class']);
  });
});
