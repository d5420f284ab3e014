import { expect } from 'chai';
import express from 'express';
import Koa from 'koa';
import {
  Body,
  BodyParam,
  CookieParam,
  CookieParams,
  CurrentUser,
  createParamDecorator,
  Get,
  HeaderParam,
  HeaderParams,
  JsonController,
  Param,
  Params,
  Post,
  QueryParam,
  QueryParams,
  Req,
  Res,
  SessionParam,
  UploadedFile,
} from 'routing-controllers';
import { managerOf } from '../support/accounts';
import { warningsOf } from '../support/process';
import type { App } from '../support/servers';
import '../support/quiet-lost-guards';

/** A controller as esbuild and tsx compile it: decorated, without the types of its parameters. */
function createUntyped(name: string, ...parameters: ParameterDecorator[]): App {
  const type = { [name]: class {} }[name] as App;
  type.prototype.handle = () => ({});
  parameters.forEach((decorate, index) => {
    decorate(type.prototype, 'handle', index);
  });
  Post('/handle')(type.prototype, 'handle');
  JsonController(`/${name.toLowerCase()}`)(type);
  return type;
}

@JsonController('/typed')
class Typed {
  @Get()
  read(@QueryParam('page') page: number) {
    return page;
  }
}

class Note {}

const manager = managerOf();
const options = (controllers: App[]) => ({ controllers, middlewares: [], interceptors: [] });

async function warned(...controllers: App[]): Promise<string[]> {
  const warnings = await warningsOf(() => manager.useExpressServer(express(), options(controllers)));
  return warnings.filter(({ code }) => code === 'LOGIN_NO_METADATA').map(({ message }) => message);
}

describe('LOGIN_NO_METADATA: parameters whose types the compiler did not record', () => {
  for (const [name, decorate] of Object.entries({
    Body: Body(),
    BodyParam: BodyParam('a'),
    Param: Param('a'),
    Params: Params(),
    QueryParam: QueryParam('a'),
    QueryParams: QueryParams(),
    HeaderParam: HeaderParam('a'),
    HeaderParams: HeaderParams(),
    CookieParam: CookieParam('a'),
    CookieParams: CookieParams(),
  })) {
    it(`are a process warning: @${name}()`, async () => {
      expect(await warned(createUntyped(`With${name}`, decorate as ParameterDecorator))).to.deep.equal([
        `With${name}.handle has parameters without recorded types, so routing-controllers neither converts nor validates them; compile with emitDecoratorMetadata (tsc or swc, not esbuild or tsx), or give the decorators a type`,
      ]);
    });
  }

  it('are told of on Koa too', async () => {
    const untyped = createUntyped('OnKoa', Body() as ParameterDecorator);
    const warnings = await warningsOf(() => manager.useKoaServer(new Koa(), options([untyped])));
    expect(warnings.map(({ code }) => code)).to.include('LOGIN_NO_METADATA');
  });

  it('are told of once for each class', async () => {
    const untyped = createUntyped('Repeated', Body() as ParameterDecorator);
    expect(await warned(untyped)).to.have.length(1);
    expect(await warned(untyped)).to.deep.equal([]);
  });

  it('are told of for the class that declares them, whatever extends it', async () => {
    const base = createUntyped('UntypedBase', Body() as ParameterDecorator);
    class Derived extends base {}
    JsonController('/derived')(Derived);
    expect((await warned(Derived)).join()).to.match(/^UntypedBase\.handle has/);
  });

  it('are none where their types are recorded', async () => {
    expect(await warned(Typed)).to.deep.equal([]);
  });

  it('are none where the decorator names the type', async () => {
    const untyped = createUntyped('Explicit', Body({ type: Note } as object) as ParameterDecorator);
    expect(await warned(untyped)).to.deep.equal([]);
  });

  it('are none where routing-controllers does not look at the type', async () => {
    const own = createParamDecorator({ value: () => 'own' });
    const decorators = [Req(), Res(), CurrentUser(), SessionParam('a'), UploadedFile('a'), own];
    expect(await warned(createUntyped('Untouched', ...(decorators as ParameterDecorator[])))).to.deep.equal([]);
  });

  it('are none without parameters', async () => {
    expect(await warned(createUntyped('Bare'))).to.deep.equal([]);
  });
});
