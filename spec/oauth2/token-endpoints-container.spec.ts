import { expect } from 'chai';
import { Get, JsonController } from 'routing-controllers';
import { Container, Service } from 'typedi';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { managerOf } from '../support/accounts';
import { usingContainer } from '../support/container';
import { onEachServer } from '../support/servers';

@Service()
class Greeting {
  readonly text = 'hello';
}

@Service()
@JsonController()
class Hello {
  constructor(private readonly greeting: Greeting) {}

  @Get('/hello')
  hello() {
    return { text: this.greeting.text };
  }
}

const credentials = { username: 'ada@example.com', password: 'correct horse' };

describe('the token endpoints beside a container that makes only what it knows', () => {
  usingContainer(() => Container);

  onEachServer((start) => {
    it('need not be registered', async () => {
      const manager = managerOf();
      const endpoints = tokenEndpoints(manager, { verifyPassword: (sub) => ({ data: { sub } }) });
      const { client } = await start({ manager, controllers: [endpoints, Hello] });
      expect((await client.post('/login').send(credentials)).body).to.have.property('access_token');
      expect((await client.post('/login/revoke').send({ token: 'x' })).body.error).to.equal('unsupported_token_type');
      expect((await client.get('/hello')).body).to.deep.equal({ text: 'hello' });
    });
  });
});
