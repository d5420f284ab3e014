import { expect } from 'chai';
import { ConfigurationError } from '../../src/errors/configuration-error';

describe('ConfigurationError', () => {
  it('names after the problem the section of the documentation that explains it', () => {
    expect(new ConfigurationError('The secret is empty', { section: 'secret-and-keys' }).message).to.equal(
      'The secret is empty\nSee docs/troubleshooting.md#secret-and-keys',
    );
  });

  it('names the section about options if none is given, whatever the message says', () => {
    for (const message of ['realm must be a string', 'The cookie of the issuer has no secret key'])
      expect(new ConfigurationError(message).message).to.equal(
        `${message}\nSee docs/troubleshooting.md#invalid-options`,
      );
  });

  it('keeps its cause, with a section and without', () => {
    const cause = new Error('why');
    expect(new ConfigurationError('any', { cause })).to.have.property('cause', cause);
    expect(new ConfigurationError('any', { cause, section: 'cookies' })).to.have.property('cause', cause);
  });

  it('has no cause if none is given', () => {
    expect(new ConfigurationError('any', { section: 'cookies' })).not.to.have.property('cause');
  });
});
