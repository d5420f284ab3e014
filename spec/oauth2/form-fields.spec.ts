import { expect } from 'chai';
import { JsonController, Post } from 'routing-controllers';
import { parsePasswordForm } from '../../src/oauth2/parse-password-form';
import { PasswordForm } from '../../src/oauth2/password-form';
import { OAuth2PasswordRequestForm } from '../../src/oauth2/password-request-form';
import { tokenEndpoints } from '../../src/oauth2/token-endpoints';
import { managerOf } from '../support/accounts';
import { onEachServer } from '../support/servers';

@JsonController()
class Login {
  @Post('/login')
  login(@PasswordForm() { fields }: OAuth2PasswordRequestForm) {
    return {
      fields: JSON.stringify(fields), // class-transformer would look at a field named constructor
      frozen: Object.isFrozen(fields),
      prototype: Object.getPrototypeOf(fields),
      toString: String(fields.toString),
      polluted: String((fields as { admin?: unknown }).admin),
    };
  }
}

const credentials = { username: 'ada', password: 'correct horse' };

describe('the further fields of the password form', () => {
  onEachServer((start) => {
    const post = async (type: 'form' | 'json', body: object | string) => {
      const { client } = await start({ manager: managerOf(), controllers: [Login] });
      const answer = (await client.post('/login').type(type).send(body)).body;
      return { ...answer, fields: JSON.parse(answer.fields) };
    };

    it('are there, in a form and in JSON', async () => {
      for (const type of ['form', 'json'] as const) {
        const { fields } = await post(type, { ...credentials, remember: 'on', code: '123456', empty: '' });
        expect(fields, type).to.deep.equal({ remember: 'on', code: '123456', empty: '' });
      }
    });

    it('are none of the parameters of the grant', async () => {
      const parameters = { grant_type: 'password', scope: 'a', client_id: 'b', client_secret: 'c' };
      expect((await post('form', { ...credentials, ...parameters })).fields).to.deep.equal({});
    });

    it('are strings that stand once', async () => {
      const { fields } = await post('json', { ...credentials, number: 1, list: ['a'], object: { a: 'b' }, no: null });
      expect(fields).to.deep.equal({});
      expect((await post('form', 'username=ada&password=x&twice=1&twice=2&once=1')).fields).to.deep.equal({
        once: '1',
      });
    });

    it('are frozen, and have no prototype that a name could reach', async () => {
      const answer = await post('json', credentials);
      expect(answer).to.deep.include({ frozen: true, prototype: null, toString: 'undefined' });
      const pollution = '{"username":"ada","password":"x","constructor":"c","toString":"t"}';
      const polluted = await post('json', pollution);
      expect(polluted).to.deep.include({
        fields: { constructor: 'c', toString: 't' },
        polluted: 'undefined',
        prototype: null,
      });
    });

    it('reach verifyPassword with the form', async () => {
      const manager = managerOf();
      const endpoints = tokenEndpoints(manager, {
        verifyPassword: (sub, _password, action, form) =>
          form instanceof OAuth2PasswordRequestForm && form.fields.code === '123456' && action.request
            ? { data: { sub } }
            : null,
      });
      const { client } = await start({ manager, controllers: [endpoints] });
      expect((await client.post('/login').send({ ...credentials, code: '123456' })).status).to.equal(200);
      expect((await client.post('/login').send(credentials)).status).to.equal(400);
    });
  });

  it('may be named __proto__', () => {
    const sent = JSON.parse('{"username":"ada","password":"x","__proto__":"p"}');
    const { fields } = parsePasswordForm(sent);
    expect(Object.entries(fields)).to.deep.equal([['__proto__', 'p']]);
    expect(Object.getPrototypeOf(fields)).to.equal(null);
    const nested = JSON.parse('{"username":"ada","password":"x","__proto__":{"admin":"yes"}}');
    expect(Object.entries(parsePasswordForm(nested).fields)).to.deep.equal([]);
  });

  it('are none where a form is made by hand', () => {
    expect(new OAuth2PasswordRequestForm().fields).to.deep.equal({});
  });
});
