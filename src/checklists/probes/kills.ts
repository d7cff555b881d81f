import type { Replica } from '../../model/entity.ts';
import { age, counted } from '../../text/format.ts';
import type { Probe } from '../checklist.ts';
import { about } from '../finding.ts';
import { together } from '../together.ts';

/** 128 and SIGKILL: what the kernel sends to who takes too much memory, and others to who does not stop. */
const KILLED = 137;

/** Replicas whose last end was out of memory, or a kill that looks like it. */
export const kills: Probe = {
  name: 'kills',
  needs: ['replica'],
  optional: true,
  look({ fleet }) {
    const all = [...fleet.all('replica').values()].filter(isKilled);
    const findings = all.map(replica => {
      const since = replica.lastRestartAt === null ? '' : ` ${age(fleet.now() - replica.lastRestartAt)} ago`;
      const how = isOutOfMemory(replica) ? 'killed out of memory' : `killed${since}: out of memory, or by force`;
      return about(replica, { health: 'warn', reason: how });
    });
    return { findings: together(findings, 'replica'), facts: [counted(all.length, 'kill')] };
  },
};

const isOutOfMemory = ({ state, message }: Replica) => /OOMKilled|out of memory/i.test(`${state} ${message ?? ''}`);
const isKilled = (replica: Replica) => replica.exitCode === KILLED || isOutOfMemory(replica);
