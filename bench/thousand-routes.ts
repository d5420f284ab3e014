import 'reflect-metadata';
import { Authorized, Body, CurrentUser, Delete, Get, JsonController, Param, Post, Put } from 'routing-controllers';

export const ROUTES = 1000;
const ROUTES_A_CONTROLLER = 5;

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

/** Where the tokens come from; a secure server warns of a `tokenUrl` that nothing serves. */
@JsonController()
class Login {
  @Post('/login')
  login() {
    return {};
  }
}

class Nothing {}

/** An empty list of middlewares or interceptors would register those of the whole process. */
export const options = {
  controllers: [Login, ...Array.from({ length: ROUTES / ROUTES_A_CONTROLLER }, (_, index) => controller(index))],
  middlewares: [Nothing],
  interceptors: [Nothing],
};
