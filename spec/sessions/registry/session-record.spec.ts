import { expect } from 'chai';
import {
  ownerOf,
  parseEpoch,
  parseRecord,
  randomId,
  type SessionRecord,
  serializeEpoch,
  serializeRecord,
  sessionIdOf,
  sessionName,
  tokenName,
} from '../../../src/sessions/registry/session-record';

const record: SessionRecord = {
  epoch: 'e',
  loginAt: 1,
  lastUsedAt: 2,
  expiresAt: 3,
  refreshNumber: 0,
  refreshedAt: [2],
};

describe('the record of a session', () => {
  it('is read as it was written', () => {
    expect(parseRecord(serializeRecord(record))).to.deep.equal(record);
    const described = { ...record, address: '::1', userAgent: 'curl' };
    expect(parseRecord(serializeRecord(described))).to.deep.equal(described);
  });

  it('is none where the store has none, or something else', () => {
    for (const stored of [null, '', '1', 'null', '"text"', '[]', '{}', '{', '{"epoch":"e"}'])
      expect(parseRecord(stored), `${stored}`).to.equal(undefined);
  });

  for (const name of ['epoch', 'loginAt', 'lastUsedAt', 'expiresAt', 'refreshNumber', 'refreshedAt'] as const) {
    it(`is none without its ${name}, and with one of another type`, () => {
      const { [name]: _, ...rest } = record;
      for (const value of [undefined, null, name === 'epoch' ? 7 : '7', {}, true])
        expect(parseRecord(JSON.stringify({ ...rest, [name]: value })), `${value}`).to.equal(undefined);
    });
  }
});

describe("the record of a user's epoch", () => {
  it('is read as it was written, in whole milliseconds', () => {
    expect(parseEpoch(serializeEpoch({ id: 'e', keepUntil: 7.2 }))).to.deep.equal({ id: 'e', keepUntil: 8 });
  });

  it('is another text each time', () => {
    const epoch = { id: 'e', keepUntil: 7 };
    expect(serializeEpoch(epoch))
      .to.match(/^e\.7\.[\w-]{8}$/)
      .and.not.to.equal(serializeEpoch(epoch));
  });

  it('is none where the store has none, or half of one', () => {
    for (const stored of [null, undefined, '', 'e', 'e.', '.7', '.'])
      expect(parseEpoch(stored), `${stored}`).to.equal(undefined);
  });
});

describe('the names of records', () => {
  it('say which session one is of', () => {
    expect(sessionName('s')).to.equal('session:s');
    expect(sessionIdOf('o', 'session:s')).to.equal('o.s');
    for (const name of ['epoch', 'revoked', 'token:session:s', tokenName('s'), 'sessions:s'])
      expect(sessionIdOf('o', name), name).to.equal(undefined);
  });

  it('tell nothing about tokens and users, and differ', () => {
    expect(tokenName('id'))
      .to.match(/^token:[\w-]{43}$/)
      .and.not.to.equal(tokenName('other'));
    expect(ownerOf('ada'))
      .to.match(/^[\w-]{22}$/)
      .and.not.to.equal(ownerOf('bob'));
    expect(randomId())
      .to.match(/^[\w-]{22}$/)
      .and.not.to.equal(randomId());
  });

  it('are the same for a subject that is a number, and for its digits', () => {
    expect(ownerOf(7)).to.equal(ownerOf('7'));
  });

  it('tell the users of two issuers apart, and from our own', () => {
    const owners = [ownerOf('ada'), ownerOf('ada', 'https://one'), ownerOf('ada', 'https://two')];
    expect(new Set(owners).size).to.equal(3);
  });
});
