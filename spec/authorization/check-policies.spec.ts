import { expect } from 'chai';
import type { Action } from 'routing-controllers';
import { allOf, anyOf } from '../../src/authorization/alternatives';
import { checkPolicies } from '../../src/authorization/check-policies';
import { deny, type Policy, policy } from '../../src/authorization/policy';
import { PolicyAnswers } from '../../src/authorization/policy-answers';
import { parseRequirement } from '../../src/authorization/requirement';
import { SubjectNotFoundError, subject } from '../../src/authorization/subject';
import { ConfigurationError } from '../../src/errors/configuration-error';
import { PolicyDeniedError } from '../../src/errors/policy-denied-error';
import { rejection } from '../support/rejection';

const user = { name: 'ada' };
const payload = { sub: 'ada', exp: 0 };

/** A policy that writes down when it is asked. */
function recorder() {
  const asked: string[] = [];
  const answering = (name: string, answer: unknown): Policy => {
    const one = () => {
      asked.push(name);
      return answer as boolean;
    };
    return Object.defineProperty(one, 'name', { value: name });
  };
  return { asked, answering };
}

interface Given {
  scopes?: readonly string[];
  answers?: PolicyAnswers;
  mayAsk?: (policy: Policy) => boolean;
  extras?: Record<string, unknown>;
}

function check(roles: readonly unknown[], { scopes = [], answers = new PolicyAnswers(), mayAsk, extras }: Given = {}) {
  const action = { request: { params: { id: '7' } }, response: {} } as unknown as Action;
  return checkPolicies(
    { ...parseRequirement(roles, undefined), ...(mayAsk && { mayAsk }) },
    {
      authentication: { user, token: '', payload, scopes },
      action,
      given: extras,
      answers,
      hasScope: (scope) => scopes.includes(scope),
    },
  );
}

/** Rejects with what the check throws, too. */
async function checkAsync(roles: readonly unknown[]) {
  return check(roles);
}

describe('the check of policies', () => {
  it('asks each with the user, the request and the claims', () => {
    const seen: unknown[] = [];
    const one: Policy = (...args) => {
      seen.push(...args);
      return true;
    };
    expect(check([one])).to.equal(undefined);
    expect(seen[0]).to.equal(user);
    expect(seen[1]).to.have.nested.property('request.params.id', '7');
    expect(seen[2]).to.equal(payload);
  });

  it('answers at once if its policies do, and in time if one returns a promise', async () => {
    expect(check([() => true])).to.equal(undefined);
    const slow = check([async () => true, () => true]);
    expect(slow).to.be.instanceOf(Promise);
    expect(await slow).to.equal(undefined);
  });

  it('asks from left to right, and nothing after the first that refuses', async () => {
    const { asked, answering } = recorder();
    const roles = [answering('one', true), answering('two', Promise.resolve(false)), answering('three', true)];
    expect(await check(roles)).to.be.instanceOf(PolicyDeniedError);
    expect(asked).to.deep.equal(['one', 'two']);
  });

  it('asks policies of a list before groups', () => {
    const { asked, answering } = recorder();
    expect(check([anyOf(answering('in a group', true), 'a'), answering('listed', true)])).to.equal(undefined);
    expect(asked).to.deep.equal(['listed', 'in a group']);
  });

  it('asks none of a group that a scope decides', () => {
    const { asked, answering } = recorder();
    expect(check([anyOf('a', answering('one', false))], { scopes: ['a'] })).to.equal(undefined);
    expect(asked).to.deep.equal([]);
  });

  it('asks none that stands beside a scope that is missing', () => {
    const { asked, answering } = recorder();
    const group = anyOf(allOf('a', answering('beside a', true)), answering('alone', true));
    expect(check([group])).to.equal(undefined);
    expect(asked).to.deep.equal(['alone']);
  });

  it('asks the second of a group if the first refuses, and no third if the second agrees', () => {
    const { asked, answering } = recorder();
    const group = anyOf(answering('one', false), answering('two', true), answering('three', true));
    expect(check([group])).to.equal(undefined);
    expect(asked).to.deep.equal(['one', 'two']);
  });

  it('asks a policy once, however many groups have it', () => {
    const { asked, answering } = recorder();
    const one = answering('one', true);
    const two = answering('two', false);
    expect(check([one, anyOf(allOf(one, two), allOf(one, answering('three', true)))])).to.equal(undefined);
    expect(asked).to.deep.equal(['one', 'two', 'three']);
  });

  it('asks none that has answered in the request before', () => {
    const { asked, answering } = recorder();
    const answers = new PolicyAnswers();
    const roles = [answering('one', true)];
    check(roles, { answers });
    check(roles, { answers });
    expect(asked).to.deep.equal(['one']);
  });

  it('asks none that may not be asked yet, and lets pass what depends on it', () => {
    const { asked, answering } = recorder();
    const late = answering('late', false);
    const early = answering('early', true);
    expect(check([late, early], { mayAsk: (one) => one === early })).to.equal(undefined);
    expect(asked).to.deep.equal(['early']);
  });

  describe('refuses with an error', () => {
    it('that names the policy and its reason to the developer', () => {
      const { answering } = recorder();
      const error = check([answering('isOwner', deny('archived'))]) as PolicyDeniedError;
      expect(error).to.be.instanceOf(PolicyDeniedError);
      expect(error.cause).to.equal('isOwner: archived');
      expect(error.reason).to.equal('archived');
      expect(error.message).to.equal('You are not allowed to do this');
    });

    it('that has no reason where the policy returned false', () => {
      const { answering } = recorder();
      const error = check([answering('isOwner', false)]) as PolicyDeniedError;
      expect(error.cause).to.equal('isOwner');
      expect(error.reason).to.equal(undefined);
    });

    it('that names the last policy of a group that refused, and no policy of another', () => {
      const { answering } = recorder();
      const error = check([
        answering('listed', true),
        anyOf('a', allOf(answering('agrees', true), answering('one', deny('first'))), answering('two', deny('last'))),
      ]) as PolicyDeniedError;
      expect(error.cause).to.equal('two: last');
    });

    it('that names the one that refused, although another of the group agreed', () => {
      const { answering } = recorder();
      const group = anyOf(
        'a',
        allOf(answering('refuses', deny('no')), 'b'),
        allOf('b', answering('agrees', true), 'c'),
      );
      const error = check([group], { scopes: ['b'] }) as PolicyDeniedError;
      expect(error.cause).to.equal('refuses: no');
    });

    it('that has no stack trace', () => {
      expect((check([() => false]) as Error).stack).not.to.include('at ');
    });

    it('that names nothing where the policy has no name', () => {
      expect(
        (
          check([
            (
              () => () =>
                false
            )(),
          ]) as PolicyDeniedError
        ).cause,
      ).to.equal(undefined);
    });
  });

  describe('throws', () => {
    for (const answer of [undefined, null, 1, 'yes', {}, Promise.resolve('yes')]) {
      it(`for a policy that answers ${answer instanceof Promise ? 'a promise of a text' : JSON.stringify(answer)}`, async () => {
        const { answering } = recorder();
        const error = await rejection(checkAsync([answering('isOwner', answer)]));
        expect(error).to.be.instanceOf(ConfigurationError);
        expect((error as Error).message)
          .to.include('The policy isOwner must return true or false, or a promise of it')
          .and.to.include('troubleshooting.md#routes-and-decorators');
      });
    }

    it('for a policy without a name too', () => {
      expect(() => check([(() => (() => 'yes') as never)()])).to.throw('The policy (a function without a name) must');
    });

    it('what a policy throws', async () => {
      const reason = new Error('database');
      const throws = () => {
        throw reason;
      };
      expect(await rejection(checkAsync([throws]))).to.equal(reason);
      expect(await rejection(checkAsync([() => Promise.reject(reason)]))).to.equal(reason);
    });
  });

  describe('with subjects', () => {
    function notes(found: unknown, options?: { hidden?: boolean }) {
      const loads: unknown[] = [];
      const note = subject(({ params }) => {
        loads.push(params.id);
        if (found instanceof Error) throw found;
        return found;
      }, options);
      const asked: unknown[] = [];
      const isOwner = policy(
        'isOwner',
        (_user, context) => {
          asked.push(context.note);
          return (context.note as { owned?: boolean }).owned === true;
        },
        { note },
      );
      return { note, loads, asked, isOwner };
    }

    it('loads what its policies are about once, and gives it to them', async () => {
      const { loads, asked, isOwner, note } = notes({ owned: true });
      const second = policy('second', () => true, { note });
      expect(await check([isOwner, second])).to.equal(undefined);
      expect(loads).to.deep.equal(['7']);
      expect(asked).to.deep.equal([{ owned: true }]);
    });

    it('answers that a subject is missing before it asks a policy, though the first is about another', async () => {
      const first = notes({ owned: true });
      for (const missing of [notes(undefined), notes(Promise.resolve(null))]) {
        expect(await check([first.isOwner, missing.isOwner])).to.be.instanceOf(SubjectNotFoundError);
        expect(first.asked).to.deep.equal([]);
        expect(missing.asked).to.deep.equal([]);
      }
    });

    it('throws what the load of a subject throws, now or later', async () => {
      const reason = new Error('database');
      expect(await rejection(checkAsync([notes(reason).isOwner]))).to.equal(reason);
      const later = policy('later', () => true, { note: subject(() => Promise.reject(reason)) });
      expect(await rejection(checkAsync([later]))).to.equal(reason);
    });

    it('loads nothing for a policy whose answer is known, cannot matter or may not be asked for', async () => {
      const { loads, isOwner } = notes(undefined);
      const answers = new PolicyAnswers();
      answers.ask(isOwner, () => true);
      expect(await check([isOwner], { answers })).to.equal(undefined);
      expect(await check([anyOf('a', isOwner)], { scopes: ['a'] })).to.equal(undefined);
      expect(await check([anyOf('a', allOf('b', isOwner))], { scopes: ['a'] })).to.equal(undefined);
      expect(await check([isOwner], { mayAsk: () => false })).to.equal(undefined);
      expect(loads).to.deep.equal([]);
    });

    it('loads those of a group within a group', async () => {
      const { loads, isOwner } = notes(undefined);
      expect(await check([anyOf('a', allOf('b', isOwner))], { scopes: ['b'] })).to.be.instanceOf(SubjectNotFoundError);
      expect(loads).to.deep.equal(['7']);
    });

    it('takes one that is given by hand instead, and loads none', async () => {
      const { loads, asked, isOwner } = notes(undefined);
      const given = { owned: true };
      expect(await check([isOwner], { extras: { note: given } })).to.equal(undefined);
      expect(loads).to.deep.equal([]);
      expect(asked).to.deep.equal([given]);
    });

    describe('that are hidden', () => {
      it('answers that there is none where a policy refuses, and tells the developer which', async () => {
        const { isOwner } = notes({ owned: false }, { hidden: true });
        const error = (await check([isOwner])) as SubjectNotFoundError;
        expect(error).to.be.instanceOf(SubjectNotFoundError);
        expect(error.cause).to.equal('isOwner');
        expect(error.message).to.equal('Not found');
      });

      it('answers so for the refusal of any policy beside it', async () => {
        const { isOwner } = notes({ owned: true }, { hidden: true });
        const refuses = () => false;
        expect(await check([refuses, isOwner])).to.be.instanceOf(SubjectNotFoundError);
        expect(await check([isOwner, anyOf(refuses, allOf('a', refuses))])).to.be.instanceOf(SubjectNotFoundError);
        expect(await check([refuses, anyOf('a', allOf('b', isOwner))], { scopes: ['b'] })).to.be.instanceOf(
          SubjectNotFoundError,
        );
      });

      it('answers so where the policy about it has answered before', async () => {
        const { isOwner } = notes({ owned: true }, { hidden: true });
        const answers = new PolicyAnswers();
        await check([isOwner], { answers });
        expect(await check([isOwner, () => false], { answers })).to.be.instanceOf(SubjectNotFoundError);
      });

      it('refuses openly where the policy about it is not asked, as nothing was loaded', async () => {
        const { isOwner } = notes({ owned: true }, { hidden: true });
        const refuses = () => false;
        const group = anyOf('a', isOwner);
        expect(await check([refuses, group], { scopes: ['a'] })).to.be.instanceOf(PolicyDeniedError);
        const early = await check([refuses, isOwner], { mayAsk: (one) => one === refuses });
        expect(early).to.be.instanceOf(PolicyDeniedError);
      });
    });
  });
});
