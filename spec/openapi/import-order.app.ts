import { Get, JsonController, Param, QueryParam } from 'routing-controllers';
import { OpenAPI } from 'routing-controllers-openapi';

@JsonController('/items')
export class Items {
  @OpenAPI({ description: 'An item' })
  @Get('/:id')
  one(@Param('id') id: number, @QueryParam('full') full: boolean) {
    return { id, full };
  }
}
