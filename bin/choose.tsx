import type { ReactElement } from 'react';
import type { Options } from '../src/cli/arguments.ts';
import { checkedPlatform, chosenPlatform } from '../src/cli/checked-platform.ts';
import { demoPlatform } from '../src/cli/demo-platform.ts';
import { mistake } from '../src/cli/mistake.ts';
import { namedProfile } from '../src/cli/named-profile.ts';
import type { Platform } from '../src/cli/platform.ts';
import { writeProfile } from '../src/cli/write-profile.ts';
import { discover } from '../src/discovery/discover.ts';
import { type Found, isSomething } from '../src/discovery/found.ts';
import { sentence } from '../src/model/trouble.ts';
import { preferencesPath, profileNames } from '../src/profile/folders.ts';
import { Start, type StartOptions } from '../src/screen/start.ts';
import { openStoreOrTell, type Store } from '../src/store/store.ts';
import { StartView } from '../views/StartView.tsx';
import type { Terminal } from './terminal.ts';

const SOURCES = 'start.chosen';
const PROFILE = 'start.profile';

export interface ChooseOptions {
  /** Draws this from now on; resolves when the terminal has it. */
  show(view: ReactElement): Promise<void>;
  terminal: Terminal;
  options: Options;
  log(line: string): void;
}

/**
 * The start screen: the saved profiles and what is found on this machine, the choice of last time marked. null: the
 * operator left.
 */
export async function choose({ show, terminal, options, log }: ChooseOptions): Promise<Platform | null> {
  const { env } = process;
  let tell = (_message: string): void => {};
  let untold: string | null = null;
  const preferences = openStoreOrTell(preferencesPath(env), trouble => {
    untold = sentence(trouble);
    log(untold);
    tell(untold);
  });
  // Read now: what is found may come when they are closed already.
  const last = lastTime(preferences);
  const before = preferences.preference(SOURCES)?.split('\n');
  let found: Found[] = [];
  const pick = (names: string[]) => found.filter(({ name }) => names.includes(name));
  try {
    return await new Promise<Platform | null>(resolve => {
      const start = new Start({
        profiles: profileNames(env),
        lastTime: last,
        orDemo: options.orDemo,
        on: {
          openProfile(name) {
            try {
              const named = namedProfile({ ...options, profile: null, platform: name }, env);
              resolve(named && checkedPlatform(named, env));
              preferences.prefer(PROFILE, name);
              return null;
            } catch (error) {
              const known = mistake(error);
              if (!known) throw error;
              return known.text.trim().replace(/\s*\n\s*/g, ' · ');
            }
          },
          open(names) {
            preferences.prefer(PROFILE, null);
            preferences.prefer(SOURCES, names.join('\n'));
            resolve(chosenPlatform(pick(names), env));
          },
          // Never remembered: the next start must not show it where a platform is expected.
          demo: () => resolve(demoPlatform(options)),
          write: names => ({ message: writeProfile(pick(names), env), profiles: profileNames(env) }),
          suspend: () => terminal.suspend(),
          quit: () => resolve(null),
        },
      });
      tell = message => start.tell(message);
      if (untold) tell(untold);
      terminal.onResize((columns, rows) => start.resize(columns, rows));
      const drawn = show(
        <StartView
          start={start}
          ascii={options.ascii}
          pressed={() => terminal.stage.urgent()}
          show={look => terminal.stage.show(look)}
        />,
      );
      void drawn
        .then(() => discover({ env }))
        .then(findings => {
          found = findings.found;
          start.found({
            choices: found,
            chosen: found.filter(({ name, isDefault }) => before?.includes(name) ?? isDefault).map(({ name }) => name),
            passed: findings.passed,
            isNothing: !found.some(isSomething),
          });
        });
    });
  } finally {
    preferences.close();
  }
}

function lastTime(preferences: Store): StartOptions['lastTime'] {
  const profile = preferences.preference(PROFILE);
  if (profile !== null) return { profile };
  const names = preferences.preference(SOURCES);
  return names === null ? null : { names: names.split('\n') };
}
