/** Where well ends. A profile may change each of them. */
export interface Thresholds {
  quotaWarnPercent: number;
  quotaBadPercent: number;
  poolConnectionsWarnPercent: number;
  poolConnectionsBadPercent: number;
  nodeMemoryWarnPercent: number;
  nodeMemoryBadPercent: number;
  diskWarnPercent: number;
  diskBadPercent: number;
  latencyWarnMs: number;
  /** A restart is worth a word for so long. */
  restartWarnMinutes: number;
  /** A replica may take so long to start before that is worth a word. */
  startWarnSeconds: number;
  backupAgeWarnHours: number;
}

export const THRESHOLDS: Thresholds = {
  quotaWarnPercent: 80,
  quotaBadPercent: 95,
  poolConnectionsWarnPercent: 80,
  poolConnectionsBadPercent: 95,
  nodeMemoryWarnPercent: 90,
  nodeMemoryBadPercent: 97,
  diskWarnPercent: 85,
  diskBadPercent: 95,
  latencyWarnMs: 1000,
  restartWarnMinutes: 10,
  startWarnSeconds: 120,
  backupAgeWarnHours: 36,
};
