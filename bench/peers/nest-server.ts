import 'reflect-metadata';
import type { Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  Get,
  Inject,
  Module,
  Req,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { JwtModule, JwtService } from '@nestjs/jwt';
import { LOADING, SCOPE, type ServerConfig, USER } from './contract';

/** As the documentation of NestJS writes it. */
class AuthGuard implements CanActivate {
  constructor(@Inject(JwtService) private readonly jwt: JwtService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest();
    const [type, token] = request.headers.authorization?.split(' ') ?? [];
    if (type !== 'Bearer') throw new UnauthorizedException();
    const payload = await this.jwt.verifyAsync(token).catch(() => {
      throw new UnauthorizedException();
    });
    if (!payload.scopes.includes(SCOPE)) throw new ForbiddenException();
    request.user = USER;
    return true;
  }
}

/** The same, with a user out of a database. */
class LoadingGuard extends AuthGuard {
  override async canActivate(context: ExecutionContext): Promise<boolean> {
    await super.canActivate(context);
    await wait(LOADING);
    context.switchToHttp().getRequest().user = { ...USER };
    return true;
  }
}

@Controller()
class LoadedNotes {
  @UseGuards(LoadingGuard)
  @Get('/notes-0')
  list(@Req() request: { user: object }) {
    return request.user;
  }
}

@Controller()
class Notes {
  @UseGuards(AuthGuard)
  @Get('/notes-0')
  list(@Req() request: { user: object }) {
    return request.user;
  }
}

@Controller()
class OpenNotes {
  @Get('/notes-0')
  list() {
    return USER;
  }
}

const controllers: Record<string, typeof OpenNotes | typeof LoadedNotes> = {
  'NestJS alone': OpenNotes,
  '@nestjs/jwt with a guard that loads the user': LoadedNotes,
};

/** @returns The server, which does not listen yet. */
export async function nestServer({ candidate, algorithm, verifying }: ServerConfig): Promise<Server> {
  const key = algorithm === 'HS256' ? { secret: verifying } : { publicKey: verifying };
  class App {}
  Module({
    imports: [JwtModule.register({ ...key, verifyOptions: { algorithms: [algorithm] } })],
    controllers: [controllers[candidate] ?? Notes],
    providers: [AuthGuard, LoadingGuard],
  })(App);
  const app = await NestFactory.create(App, { logger: false });
  await app.init();
  return app.getHttpServer();
}
