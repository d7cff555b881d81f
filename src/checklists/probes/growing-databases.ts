import { bytes, counted } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { forecasts, wordsOf } from '../forecasts.ts';

const WEEK_MS = 7 * 86_400_000;

/** Databases that grow faster than is usual, and what all of them hold. */
export const growingDatabases: Probe = {
  name: 'databases',
  needs: ['database'],
  optional: true,
  async look(means) {
    const databases = [...means.fleet.all('database').values()];
    const sum = databases.reduce((total, { sizeBytes }) => total + (sizeBytes ?? 0), 0);
    const all = (await forecasts(means, ['database'])).filter(({ measure }) => measure.metric === 'size');
    const growing = all.flatMap(forecast => {
      const { trend } = forecast.outlook;
      if (typeof trend !== 'object' || !forecast.value) return [];
      const percent = (100 * trend.low * WEEK_MS) / forecast.value;
      return percent > means.settings.databaseGrowthPercent ? [{ ...forecast, percent }] : [];
    });
    return {
      findings: growing
        .sort((a, b) => b.percent - a.percent)
        .map(forecast =>
          about(forecast.noun, {
            health: 'warn',
            reason: `grows by at least ${Math.floor(forecast.percent)} % a week`,
            evidence: [wordsOf(forecast)],
          }),
        ),
      facts: [
        `${counted(databases.length, 'database')}: ${bytes(sum)}, ${growing.length} of ${all.length} with a past grow fast`,
      ],
    };
  },
};
