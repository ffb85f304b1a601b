/** `tandem forward …` and `tandem dnd …`: where users want their calls. */
import type { CAC } from 'cac';
import type { HandlingInfo } from '../../node/control/index.ts';
import { type ForwardCase, forwardCases } from '../../server/divert/call-handling.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { printJson, printPairs } from '../output.ts';
import { declare, nameOf, say, who, withAdmin } from './common.ts';

export function addForward(cli: CAC, io: Io): void {
  const shared = { method: 'forwards.list', head: HEAD, row: rowOf } as const;
  addListing(cli, io, {
    ...shared,
    command: 'forward list',
    description: 'List the users who have forwards or do not want to be disturbed',
  });
  declare(cli, 'forward show <number>', 'Show where the calls of a user go', (given, word) => show(given, io, word));
  declare(cli, 'forward set <number> <when> <to>', `Forward calls ${forwardCases.join(', ')}`, (given, ...words) =>
    set(given, io, ...words),
  )
    .option('--after <seconds>', 'How long phones ring before no-answer (without it 20)')
    .example('  tandem forward set 1001 no-answer 1003 --after 15');
  declare(cli, 'forward clear <number> [when]', 'Take a forward of a user back, or all', (given, word, when) =>
    clear(given, io, word, when),
  );
  declare(
    cli,
    'forward outside <number> <yes-or-no>',
    'Say whether a user may forward calls outside the office',
    (given, word, answer) => outside(given, io, word, answer),
  );
  declare(cli, 'dnd set <number> <on-or-off>', 'Say whether a user may be disturbed by calls', (given, word, answer) =>
    disturb(given, io, word, answer),
  );
  addListing(cli, io, {
    ...shared,
    command: 'dnd list',
    description: 'List the users who do not want to be disturbed',
    params: () => ({ doNotDisturb: true }),
  });
}

const HEAD = ['USER', 'DND', 'ALWAYS', 'BUSY', 'NO ANSWER', 'UNREACHABLE', 'OUTSIDE'];

const rowOf = (one: HandlingInfo): string[] => [
  nameOf(one),
  one.doNotDisturb ? 'yes' : '',
  ...forwardCases.map((when) => one.forwards[when] ?? ''),
  one.mayForwardOutside ? 'yes' : '',
];

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const one = await withAdmin(given, io, (admin) => admin.call('forwards.show', who(word)));
  if (given.flag('json')) return printJson(io.stdout, one);
  const to = (when: ForwardCase): string => one.forwards[when] ?? '-';
  printPairs(io.stdout, [
    ['User', nameOf(one)],
    ['Disturb', one.doNotDisturb ? 'no' : 'yes'],
    ['Always', to('always')],
    ['Busy', to('busy')],
    ['No answer', `${to('no-answer')} (after ${one.noAnswerSeconds} s)`],
    ['Away', to('unreachable')],
    ['Outside', one.mayForwardOutside ? 'allowed' : 'not allowed'],
  ]);
}

function caseOf(word: string | undefined): ForwardCase {
  const when = forwardCases.find((one) => one === word);
  if (when === undefined) throw new UsageError(`A call is forwarded ${forwardCases.join(', ')}, not "${word ?? ''}".`);
  return when;
}

async function set(given: Given, io: Io, word?: string, when?: string, to = ''): Promise<void> {
  const after = given.text('after');
  if (after !== undefined && !/^\d{1,4}$/.test(after)) throw new UsageError('--after is a whole number of seconds.');
  const seconds = after === undefined ? {} : { seconds: Number(after) };
  const asked = { ...who(word), when: caseOf(when), to, ...seconds };
  const one = await withAdmin(given, io, (admin) => admin.call('forwards.set', asked));
  say(given, io, one, `Calls for ${nameOf(one)} go to ${one.forwards[asked.when]} (${asked.when}).`);
}

async function clear(given: Given, io: Io, word?: string, when?: string): Promise<void> {
  const only = when === undefined ? {} : { when: caseOf(when) };
  const one = await withAdmin(given, io, (admin) => admin.call('forwards.clear', { ...who(word), ...only }));
  say(given, io, one, `Took back ${when === undefined ? 'all forwards' : `the forward (${when})`} of ${nameOf(one)}.`);
}

async function outside(given: Given, io: Io, word?: string, answer?: string): Promise<void> {
  if (answer !== 'yes' && answer !== 'no') throw new UsageError('Say yes or no: tandem forward outside NUMBER yes.');
  const asked = { ...who(word), allowed: answer === 'yes' };
  const one = await withAdmin(given, io, (admin) => admin.call('forwards.outside', asked));
  say(given, io, one, `${nameOf(one)} may ${one.mayForwardOutside ? '' : 'not '}forward calls outside the office.`);
}

async function disturb(given: Given, io: Io, word?: string, answer?: string): Promise<void> {
  if (answer !== 'on' && answer !== 'off') throw new UsageError('Say on or off: tandem dnd set NUMBER on.');
  const asked = { ...who(word), on: answer === 'on' };
  const one = await withAdmin(given, io, (admin) => admin.call('dnd.set', asked));
  say(given, io, one, `${nameOf(one)} ${one.doNotDisturb ? 'is not disturbed' : 'may be called'}.`);
}
