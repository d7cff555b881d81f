import type { Instance } from 'ink';
import type { Options } from '../src/cli/arguments.ts';
import { chosenPlatform, demoPlatform, type Platform } from '../src/cli/platform.ts';
import { writeProfile } from '../src/cli/write-profile.ts';
import { discover } from '../src/discovery/discover.ts';
import { preferencesPath } from '../src/profile/folders.ts';
import { Start } from '../src/screen/start.ts';
import { openStoreOrTell } from '../src/store/store.ts';
import { StartView } from '../views/StartView.tsx';
import type { Terminal } from './terminal.ts';

const REMEMBERED = 'start.chosen';

export interface ChooseOptions {
  app: Instance;
  terminal: Terminal;
  options: Options;
  log(line: string): void;
}

/** The start screen: what was found on this machine, the choice of last time marked. null: the operator left. */
export async function choose({ app, terminal, options, log }: ChooseOptions): Promise<Platform | null> {
  const { found, passed } = await discover();
  const preferences = openStoreOrTell(preferencesPath(), ({ why }) => log(why));
  const remembered = preferences.preference(REMEMBERED)?.split('\n');
  const pick = (names: string[]) => found.filter(({ name }) => names.includes(name));
  const chosen = await new Promise<string[] | 'demo' | null>(resolve => {
    const start = new Start({
      choices: found,
      chosen: found.filter(({ name, isDefault }) => remembered?.includes(name) ?? isDefault).map(({ name }) => name),
      passed,
      on: {
        open: resolve,
        demo: () => resolve('demo'),
        write: names => writeProfile(pick(names), process.env),
        suspend: () => terminal.suspend(),
        quit: () => resolve(null),
      },
    });
    terminal.onResize((columns, rows) => start.resize(columns, rows));
    app.rerender(<StartView start={start} ascii={options.ascii} pressed={() => terminal.stage.urgent()} />);
  });
  // The embedded platform is never remembered: the next start must not show it where a platform is expected.
  if (Array.isArray(chosen)) preferences.prefer(REMEMBERED, chosen.join('\n'));
  preferences.close();
  if (chosen === 'demo') return demoPlatform(options);
  return chosen && chosenPlatform(pick(chosen), process.env);
}
