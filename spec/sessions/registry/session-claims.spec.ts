import { expect } from 'chai';
import { markForeign } from '../../../src/jwt/issuers/foreign-issuer';
import type { TokenPayload } from '../../../src/jwt/token-payload';
import {
  createSession,
  createUnrecordedSession,
  endsWithBrowser,
  keptClaims,
  readSession,
  splitSessionId,
  writeSession,
} from '../../../src/sessions/registry/session-claims';

describe('the claims of a session', () => {
  it('are read as they were written, with a record and without', () => {
    for (const session of [createSession('owner', 7), createUnrecordedSession(7)])
      expect(readSession({ exp: 0, ...writeSession(session) } as TokenPayload)).to.deep.equal(session);
  });

  it('say whether there is a record', () => {
    expect(createSession('owner', 7)).to.include({ isRecorded: true, loginAt: 7 });
    expect(createSession('owner', 7).id).to.match(/^owner\.[\w-]{22}$/);
    expect(createUnrecordedSession(7)).to.include({ isRecorded: false, loginAt: 7 });
    expect(createUnrecordedSession(7).id).to.match(/^~\.[\w-]{22}$/);
  });

  it('have an id of the token, which may be given', () => {
    const session = createSession('owner', 7);
    expect(writeSession(session, 'id')).to.deep.equal({ jti: 'id', sid: session.id, login_at: 7 });
    expect(writeSession(session).jti)
      .to.match(/^[\da-f-]{36}$/)
      .and.not.to.equal(writeSession(session).jti);
  });

  it('are none without one of them, and with one of another type', () => {
    for (const claims of [
      {},
      { sid: 'o.s' },
      { login_at: 7 },
      { sid: 7, login_at: 7 },
      { sid: 'o.s', login_at: '7' },
      { sid: 'o.s', login_at: Number.NaN },
      { sid: 'o.s', login_at: Number.POSITIVE_INFINITY },
    ])
      expect(readSession({ exp: 0, ...claims } as TokenPayload), JSON.stringify(claims)).to.equal(undefined);
  });

  it("are none in a token of another issuer's, who may use the same names", () => {
    const payload = { sub: 'ada', exp: 0, sid: 'o.s', login_at: 7 } as TokenPayload;
    expect(readSession(payload)).to.deep.equal({ id: 'o.s', loginAt: 7, isRecorded: true });
    markForeign(payload, 'https://issuer.example');
    expect(readSession(payload)).to.equal(undefined);
  });
});

describe('the claims about a login that its next token has too', () => {
  const payload = { sub: 'ada', exp: 0, name: 'Ada' } as TokenPayload;

  it('are whether it ends with the browser, and its stamp, as far as it has them', () => {
    for (const kept of [
      {},
      { login_remember: false },
      { login_stamp: 's' },
      { login_remember: true, login_stamp: 's' },
    ])
      expect(keptClaims({ ...payload, ...kept })).to.deep.equal(kept);
  });

  it('say that it ends with the browser, only if it was asked for', () => {
    const answers = [false, true, undefined, null, 0].map((login_remember) =>
      endsWithBrowser({ ...payload, login_remember }),
    );
    expect(answers).to.deep.equal([true, false, false, false, false]);
  });
});

describe('the id of a session', () => {
  it('has an owner and a secret part', () => {
    expect(splitSessionId('owner_-1.secret_-2')).to.deep.equal({ owner: 'owner_-1', secret: 'secret_-2' });
    expect(splitSessionId(`${'o'.repeat(50)}.${'s'.repeat(90)}`)).to.have.all.keys('owner', 'secret');
  });

  it('is none in any other form', () => {
    for (const id of [
      '',
      '.',
      'owner',
      'owner.',
      '.secret',
      'a.b.c',
      '~.secret',
      'owner.secret ',
      ' owner.secret',
      'ow:ner.secret',
      'owner.sec:ret',
      'owner.secret\n',
      `${'o'.repeat(51)}.s`,
      `o.${'s'.repeat(91)}`,
    ])
      expect(splitSessionId(id), JSON.stringify(id)).to.equal(undefined);
  });
});
