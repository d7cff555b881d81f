/** The part of the program that a key belongs to: the same key may mean another thing in another part. */
export type Part = 'everywhere' | 'list' | 'text' | 'chart' | 'log' | 'checklist';

/** What a key is for: the help and the documentation tell the keys by it. */
export type Topic = 'look' | 'act' | 'list' | 'go' | 'text' | 'chart' | 'log' | 'checklist' | 'program';

/** The topics as headings name them. */
export const TOPIC_TITLES: Record<Topic, string> = {
  look: 'Find out what is wrong',
  act: 'Do something about it',
  list: 'Arrange a list',
  go: 'Go about',
  text: 'In a text',
  chart: 'In a chart',
  log: 'In a log',
  checklist: 'In a checklist',
  program: 'The program',
};

/** What keys do in a log. */
export type LogAction =
  | 'log-search'
  | 'log-next'
  | 'log-before'
  | 'log-filter'
  | 'log-error'
  | 'log-error-before'
  | 'log-back'
  | 'log-follow'
  | 'log-wrap'
  | 'log-stamps'
  | 'log-fold'
  | 'log-save'
  | 'log-copy';

export type Action =
  | LogAction
  | 'find'
  | 'find-next'
  | 'find-before'
  | 'next-link'
  | 'previous-link'
  | 'logs'
  | 'previous-logs'
  | 'up'
  | 'down'
  | 'top'
  | 'bottom'
  | 'page-up'
  | 'page-down'
  | 'open'
  | 'back'
  | 'pane-1'
  | 'pane-2'
  | 'pane-3'
  | 'pane-4'
  | 'pane-5'
  | 'next-pane'
  | 'previous-pane'
  | 'zoom'
  | 'filter'
  | 'palette'
  | 'help'
  | 'mark'
  | 'unmark-all'
  | 'sort'
  | 'reverse'
  | 'describe'
  | 'raw'
  | 'reveal'
  | 'chart'
  | 'chart-next'
  | 'chart-day'
  | 'chart-week'
  | 'chart-month'
  | 'why'
  | 'next-problem'
  | 'pods'
  | 'all-namespaces'
  | 'events'
  | 'pause'
  | 'mouse'
  | 'redraw'
  | 'scale'
  | 'restart'
  | 'rollback'
  | 'exec'
  | 'port-forward'
  | 'under-way'
  | 'edit'
  | 'actions'
  | 'node-menu'
  | 'undo'
  | 'journal'
  | 'checklists'
  | 'check-confirm'
  | 'check-override'
  | 'check-skip'
  | 'check-again'
  | 'check-fix'
  | 'check-report'
  | 'quit';

export interface Key {
  action: Action;
  /** As they are written in a profile: `j`, `G`, `Up`, `PageDown`, `Ctrl+l`, `Space`. */
  keys: string[];
  part: Part;
  topic: Topic;
  /** A word for the footer. */
  label: string;
  /** A sentence for the help. */
  help: string;
  /** Place among the footer's hints; without one it is told in the help only. */
  hint?: number;
}

/**
 * Every key of the program, those of one topic together, the most used first. The help, the footer, the palette and the
 * documentation are made from it.
 */
export const KEYS: readonly Key[] = [
  {
    action: 'open',
    keys: ['Enter'],
    part: 'everywhere',
    topic: 'look',
    label: 'open',
    help: 'Open it: the pods of a workload, the details of the rest',
    hint: 1,
  },
  {
    action: 'why',
    keys: ['i'],
    part: 'everywhere',
    topic: 'look',
    label: 'why?',
    help: 'Why it is not well: the reason, the evidence and its age',
    hint: 2,
  },
  {
    action: 'next-problem',
    keys: ['!'],
    part: 'everywhere',
    topic: 'look',
    label: 'next problem',
    help: 'Go to the next thing that is not well, in whatever pane',
    hint: 4,
  },
  {
    action: 'describe',
    keys: ['d'],
    part: 'everywhere',
    topic: 'look',
    label: 'details',
    help: 'What is known of it, in words, with links to walk along',
    hint: 3,
  },
  {
    action: 'logs',
    keys: ['l'],
    part: 'everywhere',
    topic: 'look',
    label: 'logs',
    help: 'Follow its log; of a workload or of marks, all in one',
    hint: 2.5,
  },
  {
    action: 'previous-logs',
    keys: ['p'],
    part: 'everywhere',
    topic: 'look',
    label: 'previous logs',
    help: 'The log of the container before this one: why it died',
  },
  {
    action: 'events',
    keys: ['v'],
    part: 'list',
    topic: 'look',
    label: 'events',
    help: 'The events about what is under the cursor',
  },
  {
    action: 'chart',
    keys: ['h'],
    part: 'everywhere',
    topic: 'look',
    label: 'history',
    help: 'Its main number as a chart, and how that will go on',
    hint: 7.5,
  },
  {
    action: 'raw',
    keys: ['y'],
    part: 'everywhere',
    topic: 'look',
    label: 'raw',
    help: 'The object as the system has it, secrets masked',
    hint: 8,
  },
  {
    action: 'reveal',
    keys: ['X'],
    part: 'everywhere',
    topic: 'look',
    label: 'show secret',
    help: 'In a raw object: the masked value here, for at most 30 s',
  },
  {
    action: 'actions',
    keys: ['a'],
    part: 'everywhere',
    topic: 'act',
    label: 'actions',
    help: 'All that can be done to it, or to all that are marked',
    hint: 4.3,
  },
  {
    action: 'restart',
    keys: ['r'],
    part: 'everywhere',
    topic: 'act',
    label: 'restart',
    help: 'Replace every replica by a new one; of all that are marked',
    hint: 4.2,
  },
  {
    action: 'scale',
    keys: ['s'],
    part: 'everywhere',
    topic: 'act',
    label: 'scale',
    help: 'Change how many replicas run: a number, +n or -n',
    hint: 4.1,
  },
  {
    action: 'rollback',
    keys: ['u'],
    part: 'everywhere',
    topic: 'act',
    label: 'roll back',
    help: 'Return to an earlier revision; the difference is shown',
  },
  {
    action: 'exec',
    keys: ['x'],
    part: 'everywhere',
    topic: 'act',
    label: 'shell',
    help: 'A shell in a replica, or one command there',
    hint: 4.25,
  },
  {
    action: 'node-menu',
    keys: ['n'],
    part: 'list',
    topic: 'act',
    label: 'node',
    help: 'Of a node: drain, cordon, availability, promote, labels',
    hint: 4.05,
  },
  {
    action: 'edit',
    keys: ['e'],
    part: 'everywhere',
    topic: 'act',
    label: 'edit',
    help: 'Its YAML in your editor; then what changed, to confirm',
    hint: 8.6,
  },
  {
    action: 'port-forward',
    keys: ['f'],
    part: 'everywhere',
    topic: 'act',
    label: 'forward port',
    help: 'A port here that leads into a pod, in the background',
    hint: 8.5,
  },
  {
    action: 'under-way',
    keys: ['F'],
    part: 'everywhere',
    topic: 'act',
    label: 'under way',
    help: 'What runs, what waits and can be called off, the forwards',
  },
  {
    action: 'undo',
    keys: ['U'],
    part: 'everywhere',
    topic: 'act',
    label: 'undo',
    help: 'Take back the last action, where it has a way back',
  },
  {
    action: 'journal',
    keys: ['J'],
    part: 'everywhere',
    topic: 'act',
    label: 'journal',
    help: 'What was done, by whom, and how it ended',
  },
  {
    action: 'checklists',
    keys: ['c'],
    part: 'everywhere',
    topic: 'look',
    label: 'checklist',
    help: 'The checklists of the day, the week and the month',
    hint: 7.5,
  },
  {
    action: 'check-confirm',
    keys: ['Space'],
    part: 'checklist',
    topic: 'checklist',
    label: 'confirm',
    help: 'It is as it says; on to the next item',
    hint: 1,
  },
  {
    action: 'check-override',
    keys: ['o'],
    part: 'checklist',
    topic: 'checklist',
    label: 'override',
    help: 'It counts as well all the same, with a note that says why',
    hint: 2,
  },
  {
    action: 'check-again',
    keys: ['r'],
    part: 'checklist',
    topic: 'checklist',
    label: 'run again',
    help: 'Run the probes of this item again',
    hint: 3,
  },
  {
    action: 'check-fix',
    keys: ['f'],
    part: 'checklist',
    topic: 'checklist',
    label: 'fix',
    help: 'What can be done about it; it is looked at again then',
    hint: 4,
  },
  {
    action: 'check-skip',
    keys: ['s'],
    part: 'checklist',
    topic: 'checklist',
    label: 'skip',
    help: 'Not this time, with a reason; it counts as not seen',
    hint: 5,
  },
  {
    action: 'check-report',
    keys: ['m'],
    part: 'checklist',
    topic: 'checklist',
    label: 'Markdown',
    help: 'A report for a ticket: to a file and to the clipboard',
    hint: 6,
  },
  {
    action: 'filter',
    keys: ['/'],
    part: 'list',
    topic: 'list',
    label: 'filter',
    help: 'Only what matches: text, /regex/, status=bad, age<2h …',
    hint: 5,
  },
  {
    action: 'pods',
    keys: ['t'],
    part: 'list',
    topic: 'list',
    label: 'services/pods',
    help: 'In the services pane: switch between services and pods',
  },
  {
    action: 'sort',
    keys: ['o'],
    part: 'list',
    topic: 'list',
    label: 'sort',
    help: 'Sort by the next column',
  },
  {
    action: 'reverse',
    keys: ['O'],
    part: 'list',
    topic: 'list',
    label: 'reverse',
    help: 'Turn the order round',
  },
  {
    action: 'all-namespaces',
    keys: ['0'],
    part: 'list',
    topic: 'list',
    label: 'all namespaces',
    help: 'All namespaces, or only one: the profile’s, or the row’s',
  },
  {
    action: 'mark',
    keys: ['Space'],
    part: 'list',
    topic: 'list',
    label: 'mark',
    help: 'Mark or unmark, and go on to the next',
  },
  {
    action: 'unmark-all',
    keys: ['Ctrl+Space'],
    part: 'list',
    topic: 'list',
    label: 'unmark all',
    help: 'Remove all marks',
  },
  {
    action: 'zoom',
    keys: ['z'],
    part: 'list',
    topic: 'list',
    label: 'zoom',
    help: 'This pane alone on the screen, and back',
    hint: 7,
  },
  {
    action: 'pause',
    keys: ['P'],
    part: 'list',
    topic: 'list',
    label: 'pause',
    help: 'Hold the event feed still, and let it go on',
  },
  {
    action: 'back',
    keys: ['Esc'],
    part: 'everywhere',
    topic: 'go',
    label: 'back',
    help: 'Close, clear the filter, or go back',
  },
  {
    action: 'palette',
    keys: [':'],
    part: 'everywhere',
    topic: 'go',
    label: 'all',
    help: 'Any command and any kind of resource, by name',
    hint: 6,
  },
  {
    action: 'pane-1',
    keys: ['1'],
    part: 'everywhere',
    topic: 'go',
    label: 'nodes',
    help: 'Nodes',
  },
  {
    action: 'pane-2',
    keys: ['2'],
    part: 'everywhere',
    topic: 'go',
    label: 'services',
    help: 'Services and pods',
  },
  {
    action: 'pane-3',
    keys: ['3'],
    part: 'everywhere',
    topic: 'go',
    label: 'pools',
    help: 'Database pools',
  },
  {
    action: 'pane-4',
    keys: ['4'],
    part: 'everywhere',
    topic: 'go',
    label: 'cephfs',
    help: 'CephFS and quotas',
  },
  {
    action: 'pane-5',
    keys: ['5'],
    part: 'everywhere',
    topic: 'go',
    label: 'events',
    help: 'Events',
  },
  {
    action: 'next-pane',
    keys: ['Tab'],
    part: 'everywhere',
    topic: 'go',
    label: 'next pane',
    help: 'The next pane',
  },
  {
    action: 'previous-pane',
    keys: ['Shift+Tab'],
    part: 'everywhere',
    topic: 'go',
    label: 'previous pane',
    help: 'The pane before',
  },
  {
    action: 'up',
    keys: ['Up', 'k'],
    part: 'everywhere',
    topic: 'go',
    label: 'up',
    help: 'One line up',
  },
  {
    action: 'down',
    keys: ['Down', 'j'],
    part: 'everywhere',
    topic: 'go',
    label: 'down',
    help: 'One line down',
  },
  {
    action: 'page-up',
    keys: ['PageUp', 'Ctrl+u'],
    part: 'everywhere',
    topic: 'go',
    label: 'page up',
    help: 'One page up',
  },
  {
    action: 'page-down',
    keys: ['PageDown', 'Ctrl+d'],
    part: 'everywhere',
    topic: 'go',
    label: 'page down',
    help: 'One page down',
  },
  {
    action: 'top',
    keys: ['g', 'Home'],
    part: 'everywhere',
    topic: 'go',
    label: 'top',
    help: 'To the first line',
  },
  {
    action: 'bottom',
    keys: ['G', 'End'],
    part: 'everywhere',
    topic: 'go',
    label: 'bottom',
    help: 'To the last line',
  },
  {
    action: 'next-link',
    keys: ['Tab'],
    part: 'text',
    topic: 'text',
    label: 'next link',
    help: 'To the next line that Enter opens',
    hint: 1.5,
  },
  {
    action: 'previous-link',
    keys: ['Shift+Tab'],
    part: 'text',
    topic: 'text',
    label: 'link before',
    help: 'To the one before',
  },
  {
    action: 'find',
    keys: ['/'],
    part: 'text',
    topic: 'text',
    label: 'find',
    help: 'Look for words in the text',
    hint: 5,
  },
  {
    action: 'find-next',
    keys: ['n'],
    part: 'text',
    topic: 'text',
    label: 'next',
    help: 'To the next line that has them',
  },
  {
    action: 'find-before',
    keys: ['N'],
    part: 'text',
    topic: 'text',
    label: 'before',
    help: 'To the line before that has them',
  },
  {
    action: 'chart-day',
    keys: ['d'],
    part: 'chart',
    topic: 'chart',
    label: 'day',
    help: 'The last day',
    hint: 0.1,
  },
  {
    action: 'chart-week',
    keys: ['w'],
    part: 'chart',
    topic: 'chart',
    label: 'week',
    help: 'The last seven days',
    hint: 0.2,
  },
  {
    action: 'chart-month',
    keys: ['m'],
    part: 'chart',
    topic: 'chart',
    label: 'month',
    help: 'The last 30 days',
    hint: 0.3,
  },
  {
    action: 'chart-next',
    keys: ['h'],
    part: 'chart',
    topic: 'chart',
    label: 'next number',
    help: 'Another number of it: CPU, memory, disk …',
    hint: 0.4,
  },
  {
    action: 'log-search',
    keys: ['/'],
    part: 'log',
    topic: 'log',
    label: 'search',
    help: 'Look for a regular expression',
    hint: 1,
  },
  {
    action: 'log-next',
    keys: ['n'],
    part: 'log',
    topic: 'log',
    label: 'next',
    help: 'The next line that matches',
    hint: 2,
  },
  {
    action: 'log-before',
    keys: ['N'],
    part: 'log',
    topic: 'log',
    label: 'previous',
    help: 'The line before that matches',
  },
  {
    action: 'log-filter',
    keys: ['&'],
    part: 'log',
    topic: 'log',
    label: 'filter',
    help: 'Show only the lines that match; ! in front: that do not',
    hint: 3,
  },
  {
    action: 'log-error',
    keys: ['e'],
    part: 'log',
    topic: 'log',
    label: 'next error',
    help: 'The next line that looks like an error',
    hint: 4.5,
  },
  {
    action: 'log-error-before',
    keys: ['E'],
    part: 'log',
    topic: 'log',
    label: 'error before',
    help: 'The line before that looks like an error',
    hint: 4,
  },
  {
    action: 'log-back',
    keys: ['T'],
    part: 'log',
    topic: 'log',
    label: 'how far back',
    help: 'Read from farther back, or less far: 10m, 2h, 1000, all',
    hint: 6.5,
  },
  {
    action: 'log-follow',
    keys: ['f'],
    part: 'log',
    topic: 'log',
    label: 'follow',
    help: 'Stay at the end, or pause',
    hint: 5,
  },
  {
    action: 'log-wrap',
    keys: ['w'],
    part: 'log',
    topic: 'log',
    label: 'wrap',
    help: 'Wrap long lines',
    hint: 6,
  },
  {
    action: 'log-stamps',
    keys: ['t'],
    part: 'log',
    topic: 'log',
    label: 'times',
    help: 'Show when each line was written',
    hint: 7,
  },
  {
    action: 'log-fold',
    keys: ['F'],
    part: 'log',
    topic: 'log',
    label: 'fold',
    help: 'JSON as words, or as it was written',
  },
  {
    action: 'log-save',
    keys: ['S'],
    part: 'log',
    topic: 'log',
    label: 'save',
    help: 'Save what is kept and matches to a file',
    hint: 8,
  },
  {
    action: 'log-copy',
    keys: ['c'],
    part: 'log',
    topic: 'log',
    label: 'copy',
    help: 'Copy what is in sight to the clipboard (OSC 52)',
  },
  {
    action: 'help',
    keys: ['?'],
    part: 'everywhere',
    topic: 'program',
    label: 'help',
    help: 'The keys',
    hint: 9,
  },
  {
    action: 'mouse',
    keys: ['m'],
    part: 'everywhere',
    topic: 'program',
    label: 'mouse',
    help: 'Mouse on or off: off, the terminal selects text',
  },
  {
    action: 'redraw',
    keys: ['Ctrl+l'],
    part: 'everywhere',
    topic: 'program',
    label: 'redraw',
    help: 'Draw the whole screen again',
  },
  {
    action: 'quit',
    keys: ['q'],
    part: 'everywhere',
    topic: 'program',
    label: 'quit',
    help: 'Quit; Ctrl+C twice quits from anywhere',
    hint: 10,
  },
];

/** The action of a key in a part, after the profile's own keys; undefined when it has none there. */
export class KeyMap {
  readonly #actions = new Map<string, Action>();
  readonly keys: readonly Key[];

  /** @param remapped key of an action by the profile: `{ zoom: 'Z' }` */
  constructor(remapped: Partial<Record<Action, string>> = {}) {
    this.keys = KEYS.map(key => ({ ...key, keys: remapped[key.action] ? [remapped[key.action]!] : key.keys }));
    for (const { part, keys, action } of this.keys) {
      for (const key of keys) this.#actions.set(`${part} ${key}`, action);
    }
  }

  action(key: string, part: Part): Action | undefined {
    // A checklist is a text with keys of its own.
    const parts = part === 'checklist' ? [part, 'text', 'everywhere'] : [part, 'everywhere'];
    return parts.map(each => this.#actions.get(`${each} ${key}`)).find(action => action !== undefined);
  }

  /** The first key of an action, as the footer and messages name it. */
  nameOf(action: Action): string {
    return this.keys.find(key => key.action === action)!.keys[0]!;
  }
}
