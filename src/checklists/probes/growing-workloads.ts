import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { forecasts, wordsOf } from '../forecasts.ts';

const WEEK_MS = 7 * 86_400_000;

/** Memory that grows and grows, of what runs all the time: a leak, or more to do than before. */
export const growingWorkloads: Probe = {
  name: 'growing workloads',
  needs: ['workload'],
  optional: true,
  async look(means) {
    const all = (await forecasts(means, ['workload'])).filter(({ measure }) => measure.metric === 'memory');
    const growing = all.flatMap(forecast => {
      const { trend } = forecast.outlook;
      const { value } = forecast;
      if (typeof trend !== 'object' || !value) return [];
      const percent = (100 * trend.low * WEEK_MS) / value;
      return percent > means.settings.memoryGrowthPercent ? [{ ...forecast, percent }] : [];
    });
    return {
      findings: growing
        .sort((a, b) => b.percent - a.percent)
        .map(forecast =>
          about(forecast.noun, {
            health: 'warn',
            reason: `memory grows by at least ${Math.floor(forecast.percent)} % a week`,
            evidence: [wordsOf(forecast)],
          }),
        ),
      facts: [`${growing.length} of ${all.length} workloads with memory that grows`],
    };
  },
};
