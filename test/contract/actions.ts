import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Action, Gateway } from '../../src/actions/gateway.ts';
import type { Consent, Proposal } from '../../src/actions/proposal.ts';
import { at } from '../../src/actions/prove.ts';
import { VERBS, verbNamed } from '../../src/actions/verbs.ts';
import type { Fleet } from '../../src/fleet/fleet.ts';
import type { Input } from '../../src/model/deed.ts';
import type { Kind, Noun } from '../../src/model/entity.ts';
import { gatewayFor } from '../helpers/gateway-for.ts';
import type { Loss, Relay } from '../helpers/relay.ts';

/** Something of a system that is acted upon, made for one test, and what others can do to it meanwhile. */
export interface Target {
  kind: Kind;
  name: string;
  uid: string;
  /** What requests that mean it name. */
  mark: string;
  /** As the system has it now, whoever has its name; null: nobody. */
  read(): Promise<unknown>;
  /** Somebody changes something of it that no verb cares for. */
  touch(): Promise<void>;
  /** Somebody changes what is wanted of it. */
  change(): Promise<void>;
  /** Somebody removes it. Resolves when it is gone. */
  remove(): Promise<void>;
  /** Somebody removes it and makes another one under its name; absent where names are nothing to the system. */
  replace?(): Promise<void>;
  /** Whether it is known as it was made. */
  until?(noun: Noun): boolean;
  /** Resolves when it can be changed once more after it was. */
  settled?(): Promise<void>;
  /** Whatever has become of it, nothing of it is left. */
  clean(): Promise<void>;
}

/** A system with what a test needs to act upon it. */
export interface ActionsBed {
  /** As somebody sees it who may do everything, through the relay. */
  fleet: Fleet;
  relay: Relay;
  /** As somebody sees it who may only look; null where the system knows no users. */
  viewer: Fleet | null;
  /** How often it is asked how far it is, and for how long; milliseconds of its own time. */
  waits: { everyMs: number; limitMs: number; proofMs: number };
  /** A folder for what an edit takes away. */
  drafts: string;
  close(): Promise<void>;
}

/** A verb, what it is tried on, and what is different of it. What it cannot have stands here with the reason. */
export interface Row<System> {
  verb: string;
  /** Of what, where a verb has several rows. */
  of?: string;
  make(system: System, name: string): Promise<Target>;
  input?(target: Target, system: System): Input | Promise<Input>;
  /** The part of the object that it changes; left out: the object itself, which is to be gone. */
  part?: string[] | ((system: System, target: Target) => Promise<unknown>);
  /** That part afterwards; left out: another one than before. */
  to?: unknown;
  /** Where it never comes to its end, and what is said then; or why that cannot be: it is there with the write. */
  stuck:
    | string
    | {
        make?: Row<System>['make'];
        input?: Row<System>['input'];
        outcome?: 'failed' | 'unknown';
        words: RegExp;
        limitMs?: number;
        /** Why it may have come to its end all the same. */
        orDone?: string;
      };
  /** What is said of it when somebody has changed it. */
  changed?: RegExp;
  /** Why it is done when somebody else has done it meanwhile. */
  goneIsDone?: string;
  /** Why it is meant whatever somebody has changed of the target; the reason. */
  anyVersion?: string;
  /** Why it cannot be taken back. */
  noWayBack?: string;
  /** Why only some of its cases are tried on a real system. */
  slow?: string;
  /** Why nothing in the system tells whether it was done. */
  noProof?: string;
  /** Why somebody without the right is refused before there is a plan. */
  refusedWhilePlanned?: string;
}

/** Nothing that a verb does to a target may be done to two at once: then the cases run one after the other. */
export interface Suite<System> {
  open(): Promise<ActionsBed & { system: System }>;
  rows: Row<System>[];
  alone: Row<System>[];
  isReal?: boolean;
  /** Verbs that have no row, each with the reason. */
  without: Record<string, string>;
}

const SOON = { timeout: 30_000, interval: 50 };
/** Of one test: an answer that nobody gives is waited for. */
const LONG_MS = 110_000;
/** What has not ended then is broken off, and says how far it came. */
const BROKEN_OFF_MS = 90_000;
const STUCK_MS = 2_500;

export function actionsContract<System>({ open, rows, alone, without, isReal = false }: Suite<System>): void {
  let bed: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    bed = await open();
  }, 90_000);
  afterAll(() => bed?.close(), 60_000);

  it('has a row for every verb, or says why it has none', () => {
    const named = new Set([...rows, ...alone].map(({ verb }) => verb));
    expect([...named, ...Object.keys(without)].sort()).toEqual(VERBS.map(({ name }) => name).sort());
  });

  const labels = (of: Row<System>[]) => of.map(row => [`${row.verb}${row.of ? ` ${row.of}` : ''}`, row] as const);
  describe.concurrent.each(labels(rows))('%s', { timeout: LONG_MS }, (_, row) => cases(() => bed, row, isReal));
  describe.each(labels(alone))('%s', { timeout: LONG_MS }, (_, row) => cases(() => bed, row, isReal));

  describe('when the system is gone at the moment of writing', () => {
    const phases = () => bed.fleet.sources().map(({ phase }) => phase);

    it('each says that nothing was sent, and nothing was done', { timeout: LONG_MS }, async () => {
      const all = await Promise.all(rows.map(row => Trial.begin(bed, row)));
      const proposed = await Promise.all(all.map(trial => trial.propose()));
      const before = await Promise.all(all.map(trial => trial.part()));
      await bed.relay.shut();
      try {
        await vi.waitFor(() => expect(phases()).not.toContain('live'), SOON);
        const ended = await Promise.all(all.map((trial, index) => trial.carryOut(proposed[index] as Proposal)));
        const told = ended.map(({ outcome, words }, index) => [rows[index]?.verb, outcome, words]);
        expect(told.filter(([, outcome]) => outcome !== 'failed')).toEqual([]);
        expect(await Promise.all(all.map(trial => trial.part()))).toEqual(before);
      } finally {
        await bed.relay.reopen();
        await Promise.all(all.map(trial => trial.end()));
      }
      await vi.waitFor(() => expect(phases()).toEqual(['live']), SOON);
    });
  });
}

function cases<System>(bed: () => ActionsBed & { system: System }, row: Row<System>, isReal: boolean): void {
  const isBrief = isReal && row.slow !== undefined;
  const tried = (name: string, run: (trial: Trial<System>) => Promise<void>, make = row.make, input = row.input) =>
    it(name, async () => {
      const trial = await Trial.begin(bed(), { ...row, make, ...(input && { input }) });
      try {
        await run(trial);
      } finally {
        await trial.end();
      }
    });
  const noProof = row.noProof !== undefined;

  tried('rehearsed: says what it would do, and changes nothing', async trial => {
    const before = await trial.object();
    const { plan, refused, rehearsal } = await trial.propose();
    expect(plan.command).not.toBe('');
    expect(refused).toBeNull();
    if (rehearsal) expect(rehearsal).toEqual({ ok: true, words: 'ok (dry run)' });
    expect(await trial.object()).toEqual(before);
  });

  tried(`done${row.noWayBack ? `, without a way back: ${row.noWayBack}` : ', and taken back'}`, async trial => {
    const before = await trial.part();
    expect(await trial.act()).toMatchObject({ outcome: 'done', words: expect.stringMatching(/ in \d+ s$/) });
    const after = await trial.part();
    if ('to' in row) expect(after).toEqual(row.to);
    else expect(after).not.toEqual(before);
    expect(trial.gateway.lastUndoable() === null).toBe(row.noWayBack !== undefined);
    if (row.noWayBack !== undefined) return;
    await trial.target.settled?.();
    const back = await trial.undo();
    expect(back).toMatchObject({ outcome: 'done' });
    expect(await trial.part()).toEqual(before);
  });

  if (row.noWayBack === undefined && !isBrief) {
    tried('not taken back when it has moved on', async trial => {
      expect(await trial.act()).toMatchObject({ outcome: 'done' });
      const deed = trial.gateway.lastUndoable();
      if (!deed) throw new Error('nothing can be taken back');
      expect(await trial.undo(trial.other)).toMatchObject({ outcome: 'done' });
      const then = await trial.part();
      await expect(trial.gateway.prepareUndo(deed, soon())).rejects.toThrow(/has moved on since|is another one now/);
      expect(await trial.part()).toEqual(then);
    });
  }

  tried('refused by the system, 403', async trial => {
    const before = await trial.part();
    const { outcome, words } = await trial.refused();
    expect({ outcome, words }).toEqual({ outcome: 'refused', words: expect.stringMatching(/403|forbidden/i) });
    expect(await trial.part()).toEqual(before);
  });

  tried(`somebody has changed what matters${row.anyVersion ? `: ${row.anyVersion}` : ''}`, async trial => {
    const proposal = await trial.propose();
    await trial.target.change();
    const before = await trial.part();
    const { outcome, words } = await trial.carryOut(proposal);
    if (row.anyVersion !== undefined) return expect(outcome).toBe('done');
    expect({ outcome, words }).toEqual({ outcome: 'refused', words: expect.stringMatching(row.changed ?? CHANGED) });
    expect(await trial.part()).toEqual(before);
  });

  tried(`the answer is lost${row.noProof ? `: ${row.noProof}` : ', and it is found to be done'}`, async trial => {
    const before = await trial.part();
    const { outcome, words } = await trial.losing('answer');
    if (noProof) expect({ outcome, words }).toEqual({ outcome: 'unknown', words: expect.stringMatching(UNTOLD) });
    else expect({ outcome, words }).toEqual({ outcome: 'done', words: expect.any(String) });
    if ('to' in row && !noProof) expect(await trial.part()).toEqual(row.to);
    else await vi.waitFor(async () => expect(await trial.part()).not.toEqual(before), SOON);
  });

  tried('it is lost on its way', async trial => {
    const before = await trial.part();
    const { outcome, words } = await trial.losing('request');
    if (noProof) expect({ outcome, words }).toEqual({ outcome: 'unknown', words: expect.stringMatching(UNTOLD) });
    else
      expect({ outcome, words }).toEqual({ outcome: 'failed', words: expect.stringMatching(/^it did not take effe/) });
    expect(await trial.part()).toEqual(before);
  });

  if (!isBrief) {
    tried(`the target is gone${row.goneIsDone ? `: ${row.goneIsDone}` : ''}`, async trial => {
      const proposal = await trial.propose();
      await trial.target.remove();
      const { outcome, words } = await trial.carryOut(proposal);
      if (row.goneIsDone !== undefined) return expect(outcome).toBe('done');
      expect({ outcome, words }).toEqual({ outcome: 'refused', words: expect.stringMatching(GONE) });
      expect(await trial.target.read()).toBeNull();
      await expect(trial.propose()).rejects.toThrow(GONE);
    });

    tried('another one has got its name', async trial => {
      // Where every path names an identity, another one is another path.
      if (!trial.target.replace) return expect(at(await trial.target.read(), ['ID'])).toMatch(/^\w{25}$/);
      const proposal = await trial.propose();
      await trial.target.replace();
      const before = await trial.part();
      const { outcome, words } = await trial.carryOut(proposal);
      expect({ outcome, words }).toEqual({ outcome: 'refused', words: expect.stringMatching(OTHER) });
      expect(await trial.part()).toEqual(before);
      await expect(trial.propose()).rejects.toThrow(OTHER);
    });

    tried('somebody has changed what does not matter', async trial => {
      const proposal = await trial.propose();
      await trial.target.touch();
      const { outcome, words } = await trial.carryOut(proposal);
      expect({ outcome, words }).toEqual({ outcome: 'done', words: expect.any(String) });
      if ('to' in row) expect(await trial.part()).toEqual(row.to);
    });

    tried('the system is gone after it was taken', async trial => {
      const before = await trial.part();
      const { outcome, words } = await trial.losing('end');
      expect({ outcome, words }).toEqual({ outcome: 'unknown', words: expect.stringMatching(UNTOLD) });
      await vi.waitFor(async () => expect(await trial.part()).not.toEqual(before), SOON);
    });
  }

  const { stuck } = row;
  if (typeof stuck === 'string') {
    tried(`not waited for: ${stuck}`, async trial => {
      expect(await trial.act({ limitMs: 0 })).toMatchObject({ outcome: 'done' });
    });
  } else {
    const never = async (trial: Trial<System>) => {
      const { outcome, words } = await trial.act({ limitMs: stuck.limitMs ?? STUCK_MS });
      if (stuck.orDone !== undefined && outcome === 'done') return expect(await trial.part()).toEqual(row.to);
      expect({ outcome, words }).toEqual({
        outcome: stuck.outcome ?? 'unknown',
        words: expect.stringMatching(stuck.words),
      });
    };
    tried('it never comes to its end', never, stuck.make ?? row.make, stuck.input ?? row.input);
  }
}

const GONE = /not found|another one|is gone|is not known/i;
const OTHER = /another one now|not found/i;
const CHANGED = /was changed meanwhile/;
const UNTOLD = /^no answer/;
const soon = () => AbortSignal.timeout(30_000);
let count = 0;

/** A verb that is tried on a target of its own. */
class Trial<System> {
  readonly target: Target;
  readonly noun: Noun;
  readonly gateway: Gateway;
  /** Of somebody else. */
  readonly other: Gateway;
  readonly #bed: ActionsBed & { system: System };
  readonly #row: Row<System>;
  #input: Input | null = null;

  static async begin<System>(bed: ActionsBed & { system: System }, row: Row<System>): Promise<Trial<System>> {
    const target = await row.make(bed.system, `act-${row.verb}-${++count}`);
    try {
      return new Trial(bed, row, target, await seen(bed.fleet, target));
    } catch (error) {
      await target.clean();
      throw error;
    }
  }

  private constructor(bed: ActionsBed & { system: System }, row: Row<System>, target: Target, noun: Noun) {
    this.#bed = bed;
    this.#row = row;
    this.target = target;
    this.noun = noun;
    const { fleet, waits, drafts } = bed;
    this.gateway = gatewayFor(fleet, { waits, drafts });
    this.other = gatewayFor(fleet, { waits, drafts, operator: 'other' });
  }

  async propose(gateway = this.gateway, noun = this.noun): Promise<Proposal> {
    const verb = verbNamed(this.#row.verb);
    if (!verb) throw new Error(`there is no verb ${this.#row.verb}`);
    this.#input ??= (await this.#row.input?.(this.target, this.#bed.system)) ?? {};
    return gateway.prepare(verb, noun, this.#input, soon());
  }

  carryOut(proposal: Proposal, gateway = this.gateway): Promise<Action> {
    return gateway.carryOut(proposal, consentTo(proposal), AbortSignal.timeout(BROKEN_OFF_MS));
  }

  async act({ limitMs = this.#bed.waits.limitMs } = {}): Promise<Action> {
    const gateway =
      limitMs === this.#bed.waits.limitMs
        ? this.gateway
        : gatewayFor(this.#bed.fleet, { waits: { ...this.#bed.waits, limitMs } });
    return this.carryOut(await this.propose(gateway), gateway);
  }

  /** Takes the last deed of this one's gateway back, by the hand of whoever is given. */
  async undo(by = this.gateway): Promise<Action> {
    const deed = this.gateway.lastUndoable();
    if (!deed) throw new Error('there is nothing to take back');
    // The fleet may be a moment behind.
    const proposal = await vi.waitFor(() => by.prepareUndo(deed, soon()), SOON);
    return this.carryOut(proposal, by);
  }

  async losing(what: Loss): Promise<Action> {
    const { relay } = this.#bed;
    const proposal = await this.propose();
    relay.lose(what, this.target.mark);
    try {
      return await this.carryOut(proposal);
    } finally {
      relay.mend(this.target.mark);
    }
  }

  /** Told before it is tried where the system knows users; and the system's own word when it is tried all the same. */
  async refused(): Promise<Pick<Action, 'outcome' | 'words'>> {
    const { viewer } = this.#bed;
    if (!viewer) return this.losing('refusal');
    const gateway = gatewayFor(viewer, { waits: this.#bed.waits });
    const noun = await seen(viewer, this.target);
    if (this.#row.refusedWhilePlanned !== undefined) {
      const error: Error = await this.propose(gateway, noun).then(
        () => Promise.reject(new Error('it was not refused')),
        error => error,
      );
      return { outcome: 'refused', words: error.message };
    }
    const proposal = await this.propose(gateway, noun);
    expect(proposal.refused).toMatch(/^not allowed: /);
    expect(await this.carryOut(proposal, gateway)).toMatchObject({ outcome: 'refused', words: proposal.refused });
    return this.carryOut({ ...proposal, refused: null }, gateway);
  }

  /** What the verb changes; null when the target is gone. */
  async part(): Promise<unknown> {
    const { part = [] } = this.#row;
    if (typeof part === 'function') return part(this.#bed.system, this.target);
    const object = await this.target.read();
    return part.length === 0 ? identity(object) : at(object, part);
  }

  /** What somebody wants of it: what lives in it moves by itself. */
  async object(): Promise<unknown> {
    const object = await this.target.read();
    const wanted = at(object, ['metadata', 'generation']) ?? at(object, ['Spec']);
    return [identity(object), wanted, at(object, ['metadata', 'labels']), await this.part()];
  }

  async end(): Promise<void> {
    this.#bed.relay.mend(this.target.mark);
    this.gateway.end();
    this.other.end();
    await this.target.clean();
  }
}

/** Whether it is there: null for what is told to go, too, and only waits for that. */
function identity(object: unknown): unknown {
  if (at(object, ['metadata', 'deletionTimestamp']) !== null) return null;
  return at(object, ['metadata', 'uid']) ?? at(object, ['ID']);
}

/** Whatever has to be answered is. */
export function consentTo({ noun, plan }: Proposal): Consent {
  return { yes: true, name: plan.phrase ?? noun.name, anyway: true };
}

/** The noun of a target, once it is watched. */
export function seen(
  fleet: Fleet,
  { kind, uid, name, until }: Pick<Target, 'kind' | 'uid' | 'name' | 'until'>,
): Promise<Noun> {
  return vi.waitFor(() => {
    const noun = [...fleet.all(kind).values()].find(each => each.uid === uid);
    if (!noun || until?.(noun) === false) throw new Error(`${kind} ${name} is not watched`);
    return noun;
  }, SOON);
}
