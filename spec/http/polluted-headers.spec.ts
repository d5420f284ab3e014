import { expect } from 'chai';
import { Authorized, JsonController, Post } from 'routing-controllers';
import { managerOf, tokenOf } from '../support/accounts';
import { cookie } from '../support/http';
import { onEachServer } from '../support/servers';

@JsonController()
class Routes {
  @Authorized()
  @Post('/notes')
  write() {
    return {};
  }
}

/** Calls with a property of `Object.prototype`, which Node's headers inherit. */
async function withPolluted<T>(name: string, value: string, call: () => PromiseLike<T>): Promise<T> {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
  try {
    return await call();
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
}

describe('a polluted Object.prototype adds no header to a request', () => {
  onEachServer((start) => {
    const manager = managerOf({ useCookie: true });

    it('authorization logs nobody in', async () => {
      const { url } = await start({ manager, controllers: [Routes] });
      const token = tokenOf(manager);
      const { status } = await withPolluted('authorization', `Bearer ${token}`, () =>
        fetch(`${url}/notes`, { method: 'POST' }),
      );
      expect(status).to.equal(401);
    });

    it('sec-fetch-site makes no foreign page one of the application', async () => {
      const { url } = await start({ manager, controllers: [Routes] });
      const headers = { ...cookie(tokenOf(manager)), Origin: 'https://evil.example' };
      const { status } = await withPolluted('sec-fetch-site', 'same-origin', () =>
        fetch(`${url}/notes`, { method: 'POST', headers }),
      );
      expect(status).to.equal(403);
    });
  });
});
