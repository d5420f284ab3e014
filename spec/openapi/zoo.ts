import {
  All,
  Authorized,
  Body,
  Controller,
  CurrentUser,
  Delete,
  Get,
  HttpCode,
  JsonController,
  Param,
  Patch,
  Post,
  Put,
} from 'routing-controllers';
import { anyOf } from '../../src/authorization/alternatives';
import { Public } from '../../src/authorization/public';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import type { Account } from '../support/accounts';
import type { App } from '../support/servers';

/** A policy that this header makes answer false. */
export const DENY = 'x-deny';

const allows = (name: string) =>
  ({
    [name]: (_account: Account, { request }: App) => request.headers[DENY] !== name,
  })[name] as () => boolean;

const isOwner = allows('isOwner');
const isOffice = allows('isOffice');

@JsonController()
class Doors {
  @Public()
  @Post('/login')
  login(@PasswordForm() form: OAuth2PasswordRequestForm) {
    return { access_token: form.username, token_type: 'bearer', expires_in: 1 };
  }

  @Get('/silent')
  silent() {
    return {};
  }

  @Public()
  @Get('/public')
  open() {
    return {};
  }

  @Authorized()
  @Get('/login-needed')
  closed() {
    return {};
  }

  @HttpCode(202)
  @Post('/required-user')
  required(@CurrentUser({ required: true }) account: Account) {
    return { email: account.email };
  }

  @Get('/optional-user')
  optional(@CurrentUser() account: Account | null) {
    return { email: account?.email ?? 'nobody' };
  }

  @Public()
  @Get('/public-user')
  publicUser(@CurrentUser({ required: false }) account: Account | null) {
    return { email: account?.email ?? 'nobody' };
  }

  @Authorized(anyOf('write', 'admin'))
  @All('/all/:id')
  all(@Param('id') id: string) {
    return { id };
  }
}

@Authorized('staff')
@JsonController('/cages')
class Cages {
  @Get()
  list() {
    return [];
  }

  @Authorized(['read', 'write'])
  @Put('/:id')
  both(@Param('id') id: string, @Body() body: object) {
    return { id, body };
  }

  @Authorized('read')
  @Authorized(['admin'])
  @Patch('/:id')
  stacked() {
    return {};
  }

  @Authorized(['read', anyOf('write', 'admin'), anyOf('feed', 'clean')])
  @Post('/:id/feedings')
  combined() {
    return {};
  }

  @Authorized([isOwner, 'write', isOffice])
  @Delete('/:id')
  policies() {
    return {};
  }

  @Public()
  @Get('/opening-hours')
  hours() {
    return {};
  }
}

@Authorized('base')
abstract class Crud {
  @Authorized('read')
  @Get()
  list(): unknown[] {
    return [];
  }

  @Authorized(['write', isOwner])
  @HttpCode(201)
  @Post()
  create(@Body() body: object): object {
    return { body };
  }

  @Get('/:id')
  one(@Param('id') id: string, @CurrentUser() account: Account): object {
    return { id, email: account.email };
  }
}

@JsonController('/animals')
class Animals extends Crud {}

@Authorized('keeper')
@JsonController('/lions')
class Lions extends Crud {
  @Authorized(anyOf('admin', 'feed'))
  override create(): object {
    return { lion: true };
  }

  @Public()
  @Get('/picture')
  picture() {
    return {};
  }
}

// biome-ignore lint/suspicious/noExplicitAny: a mixin takes the arguments of whatever class
const Countable = <B extends new (...args: any[]) => object>(Base: B) => {
  class Counted extends Base {
    @Authorized('admin')
    @Get('/count')
    count() {
      return { count: 1 };
    }
  }
  return Counted;
};

@JsonController('/counted')
class CountedLions extends Countable(class {}) {}

@Authorized('read')
@Controller('/pages')
class Pages {
  @Get('/map')
  map() {
    return '<p>a map</p>';
  }
}

export const zoo = [Doors, Cages, Animals, Lions, CountedLions, Pages];
