import type { Finding } from '../../model/checklist-run.ts';
import type { Kind } from '../../model/entity.ts';
import { counted } from '../../text/format.ts';
import { fullWords } from '../../trends/words.ts';
import type { Means, Probe } from '../checklist.ts';
import { about, finding } from '../finding.ts';
import { filling, forecasts, namesOf, summary, whatOf, wordsOf } from '../forecasts.ts';

const DAY_MS = 86_400_000;

/** What is added where a number of that kind runs full. */
const REMEDIES: Partial<Record<Kind, string>> = {
  storage: 'add disks to the cluster',
  node: 'add a node',
  directory: 'raise its quota',
  pool: 'provision a pool, or move databases',
};

/** What has to be added within the next months, and by when: before the early end of what the forecast says. */
export function capacityOf(kinds: readonly Kind[]): Probe {
  return {
    name: `capacity of ${kinds.join(', ')}`,
    needs: kinds,
    optional: true,
    async look(means) {
      const { capacityDays } = means.settings;
      const all = await forecasts(means, kinds);
      const near = filling(all).filter(({ full }) => full.lowMs < capacityDays * DAY_MS);
      const isKnown = all.some(({ outlook }) => outlook.trend !== 'short');
      return {
        findings: [
          ...near.map((forecast): Finding => {
            const { noun, full } = forecast;
            const leadMs = leadOf(noun.kind, means);
            const health = full.lowMs < leadMs ? 'bad' : 'warn';
            const reason = `${whatOf(forecast)} ${fullWords(full)}: ${REMEDIES[noun.kind]} ${by(full.lowMs - leadMs, means)}`;
            return about(noun, { health, reason, evidence: [wordsOf(forecast)] });
          }),
          ...(isKnown ? [] : [finding(namesOf(kinds), 'unknown', 'not enough history for a forecast')]),
        ],
        facts: [summary(kinds, all)],
      };
    },
  };
}

/** How long it takes until what is added is there. A quota is raised at once: in a day somebody is at work. */
function leadOf(kind: Kind, { settings }: Means): number {
  return DAY_MS * (kind === 'directory' ? 1 : settings.leadDays);
}

/** The last day on which it comes in time. */
function by(inMs: number, { fleet }: Means): string {
  return inMs <= 0 ? 'now' : `by ${new Date(fleet.now() + inMs).toISOString().slice(0, 10)}`;
}

/** Places that are left for instances, in all pools that take some. */
export const poolPlaces: Probe = {
  name: 'places in pools',
  needs: ['pool'],
  optional: true,
  async look(means) {
    const { fleet, settings } = means;
    const pools = [...fleet.all('pool').values()].filter(
      ({ maxInstances, status, serverType }) =>
        maxInstances !== null && status === 'active' && serverType !== 'dedicated',
    );
    if (pools.length === 0) return { findings: [], facts: [] };
    const used = pools.map(({ assigned, recorded }) => assigned ?? recorded);
    if (used.includes(null))
      return { findings: [finding('pools', 'unknown', 'how many instances they hold is not known')], facts: [] };
    const whole = pools.reduce((sum, { maxInstances }) => sum + (maxInstances ?? 0), 0);
    const left = whole - used.reduce<number>((sum, count) => sum + (count ?? 0), 0);
    const growth = (await forecasts(means, ['pool'])).filter(({ measure }) => measure.metric === 'instances');
    const rate = growth.reduce((sum, { outlook: { trend } }) => sum + (typeof trend === 'object' ? trend.rate : 0), 0);
    const inMs = rate > 0 ? left / rate : null;
    const words = `${left} of ${whole} places left${inMs === null ? '' : `, for about ${Math.round(inMs / DAY_MS)} d`}`;
    const few = (100 * left) / whole < settings.placesPercent;
    const soon = inMs !== null && inMs < settings.capacityDays * DAY_MS;
    const health = left === 0 ? 'bad' : 'warn';
    return {
      findings:
        few || soon
          ? [
              finding(
                'pools',
                health,
                `${words}: provision another pool ${by((inMs ?? 0) - leadOf('pool', means), means)}`,
              ),
            ]
          : [],
      facts: [`${words} in ${counted(pools.length, 'pool')}`],
    };
  },
};
