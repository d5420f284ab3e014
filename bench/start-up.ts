import 'reflect-metadata';
import express from 'express';
import { Authorized, Body, CurrentUser, Delete, Get, JsonController, Param, Post, Put, useExpressServer } from 'routing-controllers';
import { LoginManager, UserLoader } from 'routing-controllers-login';
import { compare, report } from './compare';

const ROUTES = 1000;
const ROUTES_A_CONTROLLER = 5;

class Accounts {
  @UserLoader
  static find(email: string) {
    return { email };
  }
}

/** A controller as applications have them: with scopes, parameters and a body. */
function controller(index: number) {
  @JsonController(`/things-${index}`)
  class Things {
    @Authorized('things:read')
    @Get()
    list(@CurrentUser() user: object) {
      return [user];
    }

    @Authorized('things:read')
    @Get('/:id')
    one(@Param('id') id: string) {
      return { id };
    }

    @Authorized(['things:read', 'things:write'])
    @Post()
    create(@Body() body: object) {
      return body;
    }

    @Authorized('things:write')
    @Put('/:id')
    change(@Param('id') id: string, @Body() body: object) {
      return { id, body };
    }

    @Authorized('things:write')
    @Delete('/:id')
    remove(@Param('id') id: string) {
      return { id };
    }
  }
  return Things;
}

const controllers = Array.from({ length: ROUTES / ROUTES_A_CONTROLLER }, (_, index) => controller(index));
class Nothing {}
const options = { controllers, middlewares: [Nothing], interceptors: [Nothing] };
const manager = new LoginManager('a secret of forty bytes, for benchmarks.', '/login', { userLoader: Accounts });
const { checker: authorizationChecker, currentUserChecker } = manager;

async function main(): Promise<void> {
  const results = await compare(
    {
      'routing-controllers alone': () => useExpressServer(express(), { ...options, authorizationChecker, currentUserChecker }),
      'manager.useExpressServer': () => manager.useExpressServer(express(), options),
    },
    { rounds: Number(process.env.ROUNDS ?? 15) },
  );
  report(`Registering ${ROUTES} routes`, results);
}

main();
