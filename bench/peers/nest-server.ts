import 'reflect-metadata';
import type { Server } from 'node:http';
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
import { SCOPE, type ServerConfig, USER } from './contract';

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

/** @returns The server, which does not listen yet. */
export async function nestServer({ candidate, algorithm, verifying }: ServerConfig): Promise<Server> {
  const key = algorithm === 'HS256' ? { secret: verifying } : { publicKey: verifying };
  class App {}
  Module({
    imports: [JwtModule.register({ ...key, verifyOptions: { algorithms: [algorithm] } })],
    controllers: [candidate === 'NestJS alone' ? OpenNotes : Notes],
    providers: [AuthGuard],
  })(App);
  const app = await NestFactory.create(App, { logger: false });
  await app.init();
  return app.getHttpServer();
}
