/** All waits of the source, in milliseconds. Tests shorten them. */
export interface Timing {
  /** A question that was asked must have begun to be answered, and go on being answered, within this. */
  answerMs: number;
  /** A watch on which nothing came for so long is given up; servers send a bookmark about every minute. */
  watchSilenceMs: number;
  /** The server is asked to end a watch after this, plus up to a fifth, so that they do not all end together. */
  watchMs: number;
  /** A watch that was open for so long counts as working again. */
  settleMs: number;
  /** A watch that was open for so long makes the next wait short again. */
  healthyMs: number;
  backoffMs: number;
  backoffLimitMs: number;
  /** What is forbidden or absent is asked for again after about this. */
  refusedMs: number;
  pulseMs: number;
  pulseDeadlineMs: number;
  metricsMs: number;
  /** More for each noun whose usage the last answer told, where that is more; but not more than unattended. */
  metricsEachMs: number;
  /** The same while nobody looks at replicas. */
  metricsUnattendedMs: number;
  /** Credentials are applied anew after this. */
  credentialsMs: number;
  /** A credentials plugin that has not ended after this is killed. */
  pluginMs: number;
  /** Between two renewals of credentials that were refused. */
  renewMs: number;
  /** How often is looked whether the machine slept, or the kubeconfig changed. */
  tickMs: number;
}

export const TIMING: Timing = {
  answerMs: 30_000,
  watchSilenceMs: 90_000,
  watchMs: 290_000,
  settleMs: 5_000,
  healthyMs: 30_000,
  backoffMs: 500,
  backoffLimitMs: 30_000,
  refusedMs: 60_000,
  pulseMs: 3_000,
  pulseDeadlineMs: 4_000,
  metricsMs: 15_000,
  metricsEachMs: 3,
  metricsUnattendedMs: 60_000,
  credentialsMs: 10_000,
  pluginMs: 60_000,
  renewMs: 30_000,
  tickMs: 5_000,
};
