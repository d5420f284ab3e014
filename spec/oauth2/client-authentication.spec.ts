import { expect } from 'chai';
import { InvalidClientError, InvalidRequestError } from '../../src/errors/oauth2-error';
import { clientCredentials } from '../../src/oauth2/client-authentication';
import { parsePasswordForm } from '../../src/oauth2/parse-password-form';
import { thrownBy } from '../support/rejection';

const basic = (text: string, scheme = 'Basic') => `${scheme} ${Buffer.from(text).toString('base64')}`;

describe('the credentials of the client', () => {
  it('are the name and the password of a Basic header, in any case', () => {
    for (const scheme of ['Basic', 'basic', 'BASIC']) {
      expect(clientCredentials(basic('app:secret', scheme))).to.deep.equal({
        client_id: 'app',
        client_secret: 'secret',
      });
    }
  });

  it('are each form-encoded (RFC 6749 §2.3.1)', () => {
    expect(clientCredentials(basic('my+app%3A1:a%25b%C3%A4'))).to.deep.equal({
      client_id: 'my app:1',
      client_secret: 'a%bä',
    });
  });

  it('may have colons in the secret, and an empty one', () => {
    expect(clientCredentials(basic('app:a:b')).client_secret).to.equal('a:b');
    expect(clientCredentials(basic('app:')).client_secret).to.equal('');
  });

  for (const header of [undefined, '', 'Bearer abc', 'Digest x', 'Basically x']) {
    it(`are none of the header ${header}`, () => {
      expect(clientCredentials(header)).to.deep.equal({});
    });
  }

  for (const header of [
    'Basic',
    'Basic ',
    'Basic !!!',
    basic('no colon'),
    basic(':secret'),
    basic('app:%zz'),
    basic('%:x'),
  ]) {
    it(`cannot be read of ${header}`, () => {
      expect(() => clientCredentials(header)).to.throw(InvalidClientError, 'The client could not be authenticated');
    });
  }

  const fields = { username: 'ada', password: 'x' };

  it('join the form', () => {
    const client = { client_id: 'app', client_secret: 'secret' };
    expect(parsePasswordForm(fields, client)).to.include({ username: 'ada', ...client });
  });

  it('cannot be in the header and in the body (RFC 6749 §2.3)', () => {
    const error = thrownBy(() =>
      parsePasswordForm({ ...fields, client_secret: 'hunter2' }, { client_id: 'app', client_secret: 'x' }),
    );
    expect(error).to.be.instanceOf(InvalidRequestError);
    expect(error.message)
      .to.match(/either in the header or in the body/)
      .and.not.to.include('hunter2');
  });
});
