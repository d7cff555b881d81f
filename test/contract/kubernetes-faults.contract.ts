import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Kind } from '../../src/model/entity.ts';
import type { RecordingSink } from '../helpers/recording-sink.ts';
import { wireTo } from '../helpers/wire.ts';
import { agree, sorted } from './bed.ts';
import { type BreakableKubernetes, expectWatched, NAMESPACE, POLL, watchedBy } from './kubernetes-bed.ts';

const KINDS: Kind[] = ['node', 'workload', 'replica', 'service', 'claim', 'route'];
/** Waits that are long for good reasons, and need not be here. */
const QUICK = {
  pulseMs: 300,
  refusedMs: 500,
  backoffMs: 100,
  backoffLimitMs: 500,
  renewMs: 300,
  credentialsMs: 500,
  settleMs: 500,
};

/** What must be seen of every Kubernetes to which this happens. */
export function kubernetesFaultsContract(open: () => Promise<BreakableKubernetes>): void {
  let opened: BreakableKubernetes | undefined;
  beforeAll(async () => {
    opened = await open();
  }, 60_000);
  afterAll(async () => opened?.close?.());
  const bed = () => {
    if (!opened) throw new Error('the bed is not open');
    return opened;
  };
  const isLive = (sink: RecordingSink) =>
    expect
      .poll(() => [sink.phase, ...KINDS.map(kind => sink.coverages.get(kind)?.state)], POLL)
      .toEqual(['live', ...KINDS.map(() => 'complete')]);
  const lists = (sink: RecordingSink) => Object.fromEntries(sink.listsEnded);
  const names = (sink: RecordingSink, kind: Kind) =>
    sink
      .all(kind)
      .map(each => each.name)
      .sort();
  const agreesOnPods = (sink: RecordingSink, namespace?: string) =>
    agree(
      () => sorted(sink.all('replica').map(each => [each.uid, each.name, each.state])),
      async () => {
        const { pods } = await bed().truth();
        const within = pods.filter(each => namespace === undefined || each.namespace === namespace);
        return sorted(within.map(each => [each.uid, each.name, each.Status]));
      },
    );

  describe('goes on:', () => {
    it('when every connection is cut: it watches again, lists nothing again, and nothing is lost meanwhile', async () => {
      const wire = await wireTo(bed().options.kubeconfig ?? '');
      const options = { ...bed().options, kubeconfig: wire.kubeconfig };
      await watchedBy(options, QUICK, async sink => {
        await isLive(sink);
        const before = lists(sink);
        for (let round = 0; round < 3; round += 1) {
          await expect.poll(() => wire.open, POLL).toBeGreaterThan(KINDS.length);
          wire.cut();
          await expectWatched(sink, bed().client);
        }
        await isLive(sink);
        expect(lists(sink)).toEqual(before);
        await agreesOnPods(sink);
      }).finally(() => wire.close());
    });

    it('when the server is killed: it is stale, keeps what it has, and is live when the server is back', async () => {
      await watchedBy(bed().options, QUICK, async sink => {
        await isLive(sink);
        const before = KINDS.map(kind => names(sink, kind));
        try {
          await bed().stop();
          await expect.poll(() => sink.phase, POLL).toBe('stale');
          await expect
            .poll(() => sink.trouble, POLL)
            .toMatchObject({ what: 'reach the API server', why: 'connection refused' });
          expect(KINDS.map(kind => names(sink, kind))).toEqual(before);
        } finally {
          await bed().start();
        }
        await isLive(sink);
        expect(sink.trouble).toBeNull();
        await expectWatched(sink, bed().client);
        await agreesOnPods(sink);
      });
    });

    it('when the server freezes: it is stale within 10 seconds, and live when it thaws', async () => {
      // With the waits that operators have.
      await watchedBy(bed().options, {}, async sink => {
        await isLive(sink);
        const before = KINDS.map(kind => names(sink, kind));
        try {
          await bed().freeze();
          await expect.poll(() => sink.phase, { timeout: 10_000, interval: 50 }).toBe('stale');
          expect(sink.trouble).toMatchObject({ what: 'reach the API server', why: 'no answer in time' });
          expect(KINDS.map(kind => names(sink, kind))).toEqual(before);
        } finally {
          await bed().thaw();
        }
        await isLive(sink);
        await expectWatched(sink, bed().client);
        await agreesOnPods(sink);
      });
    });

    it('when the history is gone: it is told 410, lists again, and watches from there', async () => {
      await watchedBy(bed().options, QUICK, async sink => {
        await isLive(sink);
        const before = lists(sink);
        await bed().compact();
        const more = () => KINDS.filter(kind => (sink.listsEnded.get(kind) ?? 0) > (before[kind] ?? 0));
        await expect.poll(more, POLL).toEqual(KINDS);
        expect(sink.lines.filter(line => / pods: .*, listing again$/.test(line))).not.toEqual([]);
        await isLive(sink);
        await expectWatched(sink, bed().client);
        await agreesOnPods(sink);
        expect(sink.events.filter(each => /set back or made anew/.test(each.message))).toEqual([]);
      });
    });
  });

  it('tells of a node that falls silent, and that nothing on it is ready, until it is back', async () => {
    await watchedBy(bed().options, QUICK, async sink => {
      await isLive(sink);
      const name = 'vps-3';
      const isReady = () => sink.named('node', name)?.ready;
      const on = () => sink.all('replica').filter(each => each.node === sink.named('node', name)?.id);
      const behind = () => {
        const running = sink.all('workload').filter(each => each.ready !== null && each.type !== 'Job');
        return running.filter(each => each.ready !== each.wanted).map(each => each.name);
      };
      expect(isReady()).toBe(true);
      expect(on().filter(each => each.ready)).not.toEqual([]);
      try {
        await bed().loseNode(name);
        await expect.poll(isReady, POLL).not.toBe(true);
        await expect.poll(() => on().filter(each => each.ready), POLL).toEqual([]);
        await expect.poll(behind, POLL).not.toEqual([]);
        await agreesOnPods(sink);
      } finally {
        await bed().returnNode(name);
      }
      await expect.poll(isReady, POLL).toBe(true);
      await expect.poll(behind, POLL).toEqual([]);
      await agreesOnPods(sink);
    });
  });

  describe('says what it may not:', () => {
    it('some kinds are forbidden: which right is missing, and the rest is there', async () => {
      await watchedBy(await bed().limited(), QUICK, async sink => {
        await expect.poll(() => sink.coverages.get('node')?.state, POLL).toBe('forbidden');
        await expect.poll(() => sink.coverages.get('claim')?.state, POLL).toBe('forbidden');
        await expect.poll(() => sink.phase, POLL).toBe('live');
        expect(sink.coverages.get('node')).toMatchObject({
          trouble: {
            what: 'list nodes',
            fix: 'ask for the right to list nodes',
            why: expect.stringContaining('is forbidden'),
          },
        });
        for (const kind of ['workload', 'service', 'route'] as const) {
          await expect.poll(() => sink.coverages.get(kind)?.state, POLL).toBe('complete');
        }
        // Usage is a right of its own.
        await expect
          .poll(() => sink.coverages.get('replica'), POLL)
          .toMatchObject({
            state: 'complete',
            except: expect.arrayContaining([
              expect.objectContaining({ fix: expect.stringContaining('pods.metrics.k8s.io') }),
            ]),
          });
        await agreesOnPods(sink);
        await expectWatched(sink, bed().client);
        expect(sink.all('node')).toEqual([]);
      });
    });

    it('all namespaces are forbidden: it reads the one of the context, and says what it lacks', async () => {
      await watchedBy(await bed().narrow(), QUICK, async sink => {
        await expect
          .poll(() => sink.coverages.get('replica'), POLL)
          .toMatchObject({
            state: 'complete',
            except: expect.arrayContaining([
              expect.objectContaining({ fix: 'ask for the right to list pods in all namespaces' }),
            ]),
          });
        await expect.poll(() => sink.coverages.get('node')?.state, POLL).toBe('forbidden');
        await expect.poll(() => sink.phase, POLL).toBe('live');
        expect([...new Set(sink.all('replica').map(each => each.namespace))]).toEqual([NAMESPACE]);
        await agreesOnPods(sink, NAMESPACE);
        await expectWatched(sink, bed().client);
      });
    });

    it('a token that has run out: refused, why, and what to do; nothing is there', async () => {
      await watchedBy(await bed().expired(), QUICK, async sink => {
        await expect.poll(() => sink.phase, POLL).toBe('refused');
        expect(sink.trouble).toMatchObject({ what: 'reach the API server', why: 'Unauthorized' });
        expect(sink.trouble?.fix).toContain('log in again');
        expect(KINDS.flatMap(kind => sink.all(kind))).toEqual([]);
        expect([...sink.coverages.values()].filter(each => each.state === 'complete')).toEqual([]);
      });
    });

    it('a token that runs out: refused, and live with the next one', async () => {
      const { options, end, renew } = await bed().passing();
      await watchedBy(options, QUICK, async sink => {
        await isLive(sink);
        const before = names(sink, 'replica');
        await end();
        await expect.poll(() => sink.phase, POLL).toBe('refused');
        expect(sink.trouble?.fix).toContain('log in again');
        expect(names(sink, 'replica')).toEqual(before);
        await renew();
        await isLive(sink);
        await expectWatched(sink, bed().client);
      });
    });
  });

  it('shows usage where there is a metrics API, and says when there is none, or when it does not answer', async () => {
    await watchedBy(bed().options, { ...QUICK, metricsMs: 200 }, async sink => {
      const used = () => sink.all('node').map(each => each.cpuUsedMillicores !== null && each.memoryUsedBytes !== null);
      const lacks = () => {
        const coverage = sink.coverages.get('node');
        return coverage?.state === 'complete' ? (coverage.except ?? []).map(each => each.why) : [coverage?.state];
      };
      const all = (value: boolean) => sink.all('node').map(() => value);
      await isLive(sink);
      await expect.poll(() => [used(), lacks()], POLL).toEqual([all(true), []]);
      try {
        await bed().metrics('off');
        await expect.poll(() => [used(), lacks()], POLL).toEqual([all(false), ['there is no metrics.k8s.io']]);
        await bed().metrics('on');
        await expect.poll(() => [used(), lacks()], POLL).toEqual([all(true), []]);
        await bed().metrics('broken');
        await expect.poll(() => [used(), lacks()], POLL).toEqual([all(false), [expect.stringMatching(/^HTTP 503 /)]]);
        expect(sink.phase).toBe('live');
      } finally {
        await bed().metrics('on');
      }
      await expect.poll(() => [used(), lacks()], POLL).toEqual([all(true), []]);
    });
  });
}
