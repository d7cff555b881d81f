import { processIo } from '../src/cli/io.ts';
import { run } from '../src/cli/run.ts';
import { logPath } from '../src/profile/folders.ts';
import { consoleToLog } from '../src/store/console-to-log.ts';
import { openLog } from '../src/store/log-file.ts';
import { followOn } from './follow-on.ts';

consoleToLog(openLog(logPath()));

// The program under the right Node: the command line is obeyed, or the screen is opened.
const outcome = await run(process.argv.slice(2), processIo(), { followOn });
if (typeof outcome === 'number') process.exitCode = outcome;
else {
  const { openScreen } = await import('./screen.ts');
  process.exit(await openScreen(outcome));
}
