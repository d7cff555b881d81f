import { LiveRun } from '../../src/checklists/live-run.ts';
import { openJournal } from '../../src/store/journal.ts';
import { SLOW } from './slow-list.ts';
import { meansFor, world } from './world.ts';

/** A program of its own that is at a checklist, to be killed in the middle. STORE */
const run = LiveRun.open({
  checklist: SLOW,
  means: meansFor(world().fleet),
  journal: openJournal(process.argv[2] ?? ''),
  worker: {
    operator: 'first',
    sshClient: null,
    process: { pid: process.pid, host: (await import('node:os')).hostname() },
  },
  demo: true,
  auto: false,
});
await run.lookAt('quick');
run.override('quick', 'known since Monday');
void run.lookAt('slow');
console.log('in the middle');
setInterval(() => {}, 1_000);
