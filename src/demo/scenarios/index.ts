import { apiFrozen } from './api-frozen.ts';
import { apiGone } from './api-gone.ts';
import { backupEmpty } from './backup-empty.ts';
import { churn } from './churn.ts';
import { crashLoop } from './crash-loop.ts';
import { dailyFour } from './daily-four.ts';
import { engineFrozen } from './engine-frozen.ts';
import { imagePull } from './image-pull.ts';
import { logFlood } from './log-flood.ts';
import { mdsGone } from './mds-gone.ts';
import { nodeLoss } from './node-loss.ts';
import { poolFull } from './pool-full.ts';
import { quotaReached } from './quota-reached.ts';
import { rightsLost } from './rights-lost.ts';
import type { Scenario } from './scenario.ts';
import { tokenExpired } from './token-expired.ts';

/** All ways in which the embedded platform can be told to fail. */
export const SCENARIOS: readonly Scenario[] = [
  nodeLoss,
  crashLoop,
  imagePull,
  poolFull,
  quotaReached,
  mdsGone,
  apiFrozen,
  apiGone,
  tokenExpired,
  rightsLost,
  engineFrozen,
  backupEmpty,
  churn,
  dailyFour,
  logFlood,
];

/** Ends all that was started. */
export const RECOVER = 'recover';
