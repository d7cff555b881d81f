import { describe, expect, it } from 'vitest';
import { type GuardRule, guard } from '../../src/actions/guard.ts';
import type { Risk } from '../../src/model/deed.ts';
import { workload } from '../helpers/nouns.ts';

const fields = { now: () => 0, nameOf: () => null };
const web = { ...workload('web'), health: 'ok', reason: null } as never;
const asked = (rules: GuardRule[], { verb = 'scale', risk = 'safe' as Risk, together = 1 } = {}) =>
  guard(rules, { verb, noun: web, risk, together, fields });

describe('guard rules', () => {
  it('ask for no more than the risk does where there are none', () => {
    expect(asked([])).toEqual({ denied: null, confirm: 'none', reason: false });
    expect(asked([], { risk: 'disruptive' }).confirm).toBe('y');
    expect(asked([], { risk: 'destructive' }).confirm).toBe('name');
  });

  it('raise what is asked for, and never lower it; the strictest counts', () => {
    expect(asked([{ confirm: 'y' }, { confirm: 'name' }, { confirm: 'y' }]).confirm).toBe('name');
    expect(asked([{ confirm: 'y' }], { risk: 'destructive' }).confirm).toBe('name');
    expect(asked([{ reason: false }, { reason: true }]).reason).toBe(true);
  });

  it('are about the verbs and the nouns that they name', () => {
    expect(asked([{ verbs: ['delete'], deny: 'no' }]).denied).toBeNull();
    expect(asked([{ verbs: ['scale'], deny: 'not during the sale' }]).denied).toBe('not during the sale');
    expect(asked([{ when: 'name=db', deny: 'no' }]).denied).toBeNull();
    expect(asked([{ when: 'name=web', deny: 'no' }]).denied).toBe('no');
  });

  it('bound how many are acted upon at once', () => {
    expect(asked([{ atMost: 3 }], { together: 3 }).denied).toBeNull();
    expect(asked([{ atMost: 3 }], { together: 4 }).denied).toContain('at most 3');
  });

  it('with a mistake in their filter protect more, not less', () => {
    expect(
      asked([
        { when: 'name=db cpu>', deny: 'no' },
        { when: '!', deny: 'all' },
      ]).denied,
    ).toBe('all');
  });
});
