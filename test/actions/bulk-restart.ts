import { readFileSync } from 'node:fs';
import { carryOutAll } from '../../src/actions/batch.ts';
import { Gateway } from '../../src/actions/gateway.ts';
import type { Proposal } from '../../src/actions/proposal.ts';
import { restart } from '../../src/actions/verbs/restart.ts';
import { Fleet } from '../../src/fleet/fleet.ts';
import { createKubernetes, type KubernetesOptions } from '../../src/sources/kubernetes/index.ts';
import { openJournal } from '../../src/store/journal.ts';

/** A program of its own that restarts several workloads: to be killed in the middle. OPTIONS-FILE STORE ID… */
const [optionsFile = '', store = '', ...ids] = process.argv.slice(2);
const options = JSON.parse(readFileSync(optionsFile, 'utf8')) as KubernetesOptions;
const fleet = new Fleet();
const journal = openJournal(store);
const gateway = new Gateway({
  fleet,
  journal: () => journal,
  rules: [],
  readOnly: false,
  operator: 'tester',
  sshClient: null,
  demo: true,
  waits: { everyMs: 20 },
});
fleet.watch(createKubernetes('kubernetes', options));
while (!ids.every(id => fleet.get('workload', id))) await new Promise<void>(resolve => setTimeout(resolve, 10));
const { signal } = new AbortController();
const proposals: Proposal[] = [];
for (const id of ids) {
  const noun = fleet.get('workload', id);
  if (noun) proposals.push(await gateway.prepare(restart, noun, {}, signal, ids.length));
}
console.log('begun');
await carryOutAll(gateway, proposals, { yes: true, anyway: true }, { keepGoing: true, signal });
console.log('ended');
process.exit(0);
