import { expect } from 'chai';
import {
  Authorized,
  Get,
  Header,
  HttpCode,
  MetadataArgsStorage,
  Param,
  UseBefore,
  UseInterceptor,
} from 'routing-controllers';
import { ControllerMetadata, classChain, requiresUser, takesUser } from '../../src/authorization/controller-metadata';
import '../support/quiet-lost-guards';

const middleware = () => undefined;
const interceptor = () => undefined;

@Authorized('class')
@UseBefore(middleware)
class Base {
  @Authorized('outer')
  @Authorized('inner')
  @UseBefore(middleware)
  @UseInterceptor(interceptor)
  @Header('X-One', '1')
  @HttpCode(201)
  @Get('/:id')
  method(@Param('id') id: string) {
    return id;
  }
}

class Middle extends Base {}

class Derived extends Middle {
  @Authorized('derived')
  override method(id: string) {
    return id;
  }
}

class Elsewhere {
  @Authorized('elsewhere')
  method() {
    return {};
  }
}

describe('classChain', () => {
  it('is the class and all it extends, the derived first', () => {
    expect(classChain(Derived)).to.deep.equal([Derived, Middle, Base]);
  });

  it('of a class that extends none is the class', () => {
    expect(classChain(Base)).to.deep.equal([Base]);
  });

  it('ends at a class that extends null, and at a built-in one', () => {
    class Bare extends (null as never as typeof Object) {}
    class OwnMap extends Map {}
    expect(classChain(Bare)).to.deep.equal([Bare]);
    expect(classChain(OwnMap)).to.deep.equal([OwnMap, Map]);
  });

  it('knows classes that a mixin makes', () => {
    // biome-ignore lint/suspicious/noExplicitAny: TypeScript wants it of a mixin
    const mixin = <T extends new (...args: any[]) => object>(Type: T) => class Mixed extends Type {};
    expect(classChain(mixin(Base)).map(({ name }) => name)).to.deep.equal(['Mixed', 'Base']);
  });
});

describe('Declarations', () => {
  const declarations = new ControllerMetadata();

  it('tell what each class of a chain says of a method', () => {
    const members = declarations.membersOf(classChain(Derived), 'method');
    expect(members.map(({ type, authorized }) => [type, authorized])).to.deep.equal([
      [Derived, ['derived']],
      [Middle, []],
      [Base, ['inner', 'outer']],
    ]);
  });

  it('take no status and no header for a role', () => {
    class Plain {
      @HttpCode(201)
      @Header('X-One', '1')
      @Get('/')
      method() {
        return {};
      }
    }
    const [member] = new ControllerMetadata().membersOf([Plain], 'method');
    expect(member?.authorized).to.deep.equal([]);
    expect(member?.handlers).to.have.length(2);
  });

  it('tell parameters that take the user from others, and from those that need one', () => {
    const user = { type: 'current-user' };
    expect(['current-user', 'param', 'body'].map((type) => takesUser({ type }))).to.deep.equal([true, false, false]);
    expect([requiresUser(user, true), requiresUser(user, false)]).to.deep.equal([true, false]);
    expect(requiresUser({ ...user, required: true }, false)).to.equal(true);
    expect(requiresUser({ ...user, required: false }, true)).to.equal(false);
    expect(requiresUser({ type: 'param', required: true }, true)).to.equal(false);
  });

  it('tell what the classes say of themselves', () => {
    const [derived, , base] = declarations.membersOf(classChain(Derived));
    expect(derived?.authorized).to.deep.equal([]);
    expect(base?.authorized).to.deep.equal(['class']);
    expect(base?.uses.map((use) => use.middleware)).to.deep.equal([middleware]);
  });

  it('tell all kinds of declarations apart', () => {
    const [base] = declarations.membersOf([Base], 'method');
    expect(base?.uses).to.have.length(1);
    expect(base?.interceptors).to.have.length(1);
    expect(base?.params.map(({ type, name }) => [type, name])).to.deep.equal([['param', 'id']]);
    expect(base?.handlers.map(({ type }) => type)).to.have.members(['header', 'success-code']);
  });

  it('know nothing of other classes', () => {
    expect(declarations.membersOf([Middle], 'method')[0]?.authorized).to.deep.equal([]);
    expect(declarations.membersOf([Base], 'other')[0]?.authorized).to.deep.equal([]);
  });

  it('say whether a class inherits anything that is declared', () => {
    class Heir extends Elsewhere {}
    class Nothing {}
    class Empty extends Nothing {}
    const inherits = [Base, Middle, Elsewhere, Heir, Nothing, Empty].map((type) => declarations.chainOf(type).inherits);
    expect(inherits).to.deep.equal([false, true, false, true, false, false]);
  });

  it('know the ancestry of a class once', () => {
    const { chain, classes } = declarations.chainOf(Derived);
    expect(chain).to.deep.equal([Derived, Middle, Base]);
    expect(classes.map(({ authorized }) => authorized)).to.deep.equal([[], [], ['class']]);
    expect(declarations.chainOf(Derived).classes).to.equal(classes);
  });

  it('read any storage, and change none', () => {
    const storage = new MetadataArgsStorage();
    storage.responseHandlers.push({ type: 'authorized', target: Base, method: 'method', value: ['only'] });
    Object.values(storage).map((list) => Object.freeze(list));
    expect(new ControllerMetadata(storage).membersOf([Base], 'method')[0]?.authorized).to.deep.equal([['only']]);
  });
});
