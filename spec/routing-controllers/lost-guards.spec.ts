import { expect } from 'chai';
import { inChildProcess } from '../support/process';

interface Told {
  open: number;
  warnings: { name: string; code: string; message: string }[];
  again: number;
}

const fixture = `require('../routing-controllers/fixtures/lost-guards.js')`;

describe("LOGIN_LOST_GUARD: lm.checker on routing-controllers' own server", () => {
  let told: Told;

  before(() => {
    told = inChildProcess(`result = await ${fixture}.main();`) as Told;
  });

  const messagesOf = (name: string) =>
    told.warnings.map(({ message }) => message).filter((message) => message.startsWith(name));

  it('the routes are open there, which is why it warns', () => {
    expect(told.open).to.equal(200);
  });

  it('is a process warning with a code, told by the first answer', () => {
    expect(new Set(told.warnings.map(({ name, code }) => `${name} ${code}`))).to.deep.equal(
      new Set(['LoginWarning LOGIN_LOST_GUARD']),
    );
  });

  it('names class and method, the route, what is lost, and what to do', () => {
    expect(messagesOf('Losing.scoped')).to.deep.equal([
      "Losing.scoped (GET /losing/scoped) loses @Authorized('class', 'read', anyOf('a', 'b'), isOwner) on routing-controllers' own server; serve it with manager.useExpressServer or useKoaServer",
    ]);
  });

  it('tells of own guards with @UseBefore', () => {
    expect(messagesOf('Losing.own')[0]).to.contain("loses @Authorized('class'), @UseBefore(ownGuard) on");
  });

  it('tells of a required current user', () => {
    expect(messagesOf('LosingUser.user')[0]).to.contain('loses its login on');
  });

  it('tells which of stacked guards is lost', () => {
    expect(messagesOf('Stacked.get')).to.have.length(1);
    expect(messagesOf('Stacked.get')[0]).to.match(/loses @Authorized\('(inner|outer)'\)/);
  });

  it('tells of nothing that is kept', () => {
    expect(messagesOf('Keeping')).to.deep.equal([]);
  });

  it('tells of nothing that a secure server has taken', () => {
    expect(messagesOf('Secure')).to.deep.equal([]);
  });

  it('is told once, whatever the managers, servers and requests', () => {
    expect(told.again).to.equal(0);
    const messages = told.warnings.map(({ message }) => message);
    expect(messages).to.have.length(new Set(messages).size);
  });

  it('is told although the scope that is lost is undeclared', () => {
    expect(inChildProcess(`result = await ${fixture}.undeclared();`)).to.have.length(1);
  });

  it('is told at the first request that asks it, where the controllers were loaded later', () => {
    expect(inChildProcess(`result = await ${fixture}.late();`)).to.have.length(1);
  });
});
