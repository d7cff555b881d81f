import { describe, expect, test } from 'vitest';
import { Agenda, PACE, type Question } from '../../../src/sources/swarm/agenda.ts';
import { TIMING } from '../../../src/sources/swarm/timing.ts';

const MINUTE = 60_000;

interface Scene {
  restlessMs?: number;
  networksMs?: number;
  /** How long an answer takes; null: none comes. */
  takesMs?: (question: Question, at: number) => number | null;
  /** Called at each step, before the agenda is asked. */
  meanwhile?: (agenda: Agenda, at: number) => void;
}

const NEVER = Number.POSITIVE_INFINITY;

/** Lets a virtual clock run and gives what was asked, and when. */
function play(lengthMs: number, { restlessMs = NEVER, networksMs = 60_000, takesMs, meanwhile }: Scene = {}) {
  const agenda = new Agenda(0);
  agenda.every('services', TIMING.servicesMs);
  agenda.every('nodes', TIMING.nodesMs);
  agenda.every('networks', networksMs);
  agenda.every('tasks', TIMING.tasksMs);
  agenda.every('restless', restlessMs);
  const asked: { question: Question; at: number }[] = [];
  const answers: { question: Question; at: number }[] = [];
  for (let now = 0; now < lengthMs; now += 10) {
    for (const answer of answers.splice(0)) {
      if (answer.at <= now) agenda.settled(answer.question, true, now);
      else answers.push(answer);
    }
    meanwhile?.(agenda, now);
    for (const question of agenda.next(now).ask) {
      asked.push({ question, at: now });
      const takes = takesMs ? takesMs(question, now) : 20;
      if (takes !== null) answers.push({ question, at: now + takes });
    }
  }
  return asked;
}

const count = (asked: { question: Question }[], question: Question) =>
  asked.filter(one => one.question === question).length;

describe('what watching costs', () => {
  test('at rest: each list in its turn, and at most 30 calls a minute in any minute', () => {
    const asked = play(10 * MINUTE);
    for (let from = 0; from < 9 * MINUTE; from += 1_000) {
      expect(asked.filter(({ at }) => at >= from && at < from + MINUTE).length).toBeLessThanOrEqual(30);
    }
    expect(asked.length).toBeLessThanOrEqual(250);
    // Services every 6 s, nodes every 15 s, tasks every 30 s, networks every minute: as far as a beat allows.
    expect(count(asked, 'services')).toBeGreaterThanOrEqual(75);
    expect(count(asked, 'nodes')).toBeGreaterThanOrEqual(34);
    expect(count(asked, 'tasks')).toBeGreaterThanOrEqual(18);
    expect(count(asked, 'networks')).toBeGreaterThanOrEqual(9);
  });

  test.each([200, 700, 1_500, 4_000])('with answers that take %i ms, too', takes => {
    expect(play(10 * MINUTE, { takesMs: () => takes }).length).toBeLessThanOrEqual(300);
  });

  test.each([TIMING.restlessMs, TIMING.movingMs])(
    'what is broken or moves is looked at more closely (each %i ms), for no more calls than the bound',
    restlessMs => {
      const asked = play(10 * MINUTE, { restlessMs });
      expect(asked.length).toBeLessThanOrEqual(300);
      expect(count(asked, 'restless')).toBeGreaterThanOrEqual(70);
      expect(count(asked, 'tasks')).toBeGreaterThanOrEqual(15);
      expect(count(asked, 'services')).toBeGreaterThanOrEqual(60);
      expect(count(asked, 'nodes')).toBeGreaterThanOrEqual(20);
    },
  );

  test('nothing is asked that never is wanted', () => {
    expect(count(play(10 * MINUTE, { networksMs: NEVER }), 'networks')).toBe(0);
  });

  test('a flood of events asks each list once a gap', () => {
    const asked = play(MINUTE, { meanwhile: agenda => agenda.soon('services', 'tasks') });
    expect(count(asked, 'tasks')).toBeLessThanOrEqual(MINUTE / PACE.gapMs + 1);
    expect(count(asked, 'services')).toBeLessThanOrEqual(MINUTE / PACE.gapMs + 1);
    expect(count(asked, 'nodes')).toBeGreaterThan(0);
  });
});

describe('proof of life', () => {
  test('a ping is asked for within 4 s of the last answer, whenever the engine freezes', () => {
    for (let frozenAt = 5_000; frozenAt < 35_000; frozenAt += 250) {
      const asked = play(frozenAt + 8_000, { takesMs: (_, at) => (at < frozenAt ? 20 : null) });
      const ping = asked.find(({ question, at }) => question === 'ping' && at >= frozenAt);
      expect(ping, `frozen at ${frozenAt}`).toBeDefined();
      expect((ping?.at ?? 0) - frozenAt).toBeLessThanOrEqual(4_500);
    }
  });

  test('none while other answers come', () => {
    const asked = play(MINUTE, { meanwhile: (agenda, at) => agenda.heard(at) });
    expect(count(asked, 'ping')).toBe(0);
  });

  test('a doubt asks at once, when what was asked last had its second', () => {
    const asked = play(3_000, { meanwhile: (agenda, at) => at === 1_500 && agenda.doubt() });
    expect(asked.find(({ question }) => question === 'ping')?.at).toBeLessThanOrEqual(1_600);
  });
});

test('what is pending is not asked again, and the rest goes on', () => {
  const asked = play(MINUTE, { takesMs: question => (question === 'tasks' ? null : 20) });
  expect(count(asked, 'tasks')).toBe(1);
  expect(count(asked, 'services')).toBeGreaterThan(6);
});

test('it says how long there is nothing to do', () => {
  const agenda = new Agenda(0);
  agenda.every('services', 6_000);
  expect(agenda.next(0).ask).toEqual(['services']);
  agenda.settled('services', true, 10);
  expect(agenda.next(20)).toEqual({ ask: [], waitMs: 2_990 });
  expect(agenda.next(3_010).ask).toEqual(['ping']);
});
