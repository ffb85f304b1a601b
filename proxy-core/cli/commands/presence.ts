/** `tandem presence …`: what the lamps of the office show, and who may watch whom. */
import type { CAC } from 'cac';
import { everything, type LampInfo, type WatchRuleInfo } from '../../node/control/index.ts';
import { watcherRules } from '../../server/events/watch-rules.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { printJson, printTable } from '../output.ts';
import { declare, inDomain, nameOf, say, who, withAdmin } from './common.ts';

const choices = [...watcherRules, 'default'] as const;
const OTHER_PARTY = ['shown', 'hidden'] as const;

export function addPresence(cli: CAC, io: Io): void {
  declare(cli, 'presence list', 'List what the lamp of each user shows', (given) => list(given, io)).option(
    '--domain <name>',
    'Only the users of this domain',
  );
  declare(cli, 'presence show <number>', 'Show the lamp of a user', (given, word) => show(given, io, word));
  declare(cli, 'presence rules', 'List the rules of who may watch whom', (given) => rules(given, io));
  declare(
    cli,
    'presence rule <who> [watchers]',
    `Show or set who may watch a user, or with @DOMAIN all users of a domain: ${choices.join(', ')}`,
    (given, word, watchers) => rule(given, io, word, watchers),
  )
    .option('--listed <numbers>', 'With "listed": numbers, or @DOMAIN, with commas between')
    .option(
      '--other-party <choice>',
      `Whether watchers see who is at the other end of a call: ${OTHER_PARTY.join(', ')}`,
    )
    .example('  tandem presence rule @office.example everyone --other-party shown')
    .example('  tandem presence rule 1001 listed --listed 1002,1003');
}

async function list(given: Given, io: Io): Promise<void> {
  const found: LampInfo[] = [];
  await withAdmin(given, io, async (admin) => {
    const page = (after: string | undefined) => admin.call('presence.list', { after, ...inDomain(given) });
    for await (const one of everything(page)) found.push(one);
  });
  if (given.flag('json')) return printJson(io.stdout, found);
  print(io, found);
}

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const found = await withAdmin(given, io, (admin) => admin.call('presence.show', who(word)));
  if (given.flag('json')) return printJson(io.stdout, found);
  print(io, [found]);
}

function print(io: Io, found: readonly LampInfo[]): void {
  const rows = found.map((one) => [nameOf(one), one.name, one.state, one.activities.join(' '), one.note]);
  printTable(io.stdout, ['USER', 'NAME', 'STATE', 'ACTIVITIES', 'NOTE'], rows);
}

async function rules(given: Given, io: Io): Promise<void> {
  const found = await withAdmin(given, io, (admin) => admin.call('presence.rules', {}));
  if (given.flag('json')) return printJson(io.stdout, found);
  const rows = found.map((one) => [ownerOf(one), one.watchers, one.details ? 'shown' : 'hidden', one.listed.join(',')]);
  printTable(io.stdout, ['OF', 'WATCHERS', 'OTHER PARTY', 'LISTED'], rows);
}

async function rule(given: Given, io: Io, word = '', wanted?: string): Promise<void> {
  const asked = word.startsWith('@') ? { domain: word.slice(1) } : who(word);
  const watchers = choices.find((choice) => choice === wanted);
  if (wanted !== undefined && watchers === undefined) {
    throw new UsageError(`Watchers are one of ${choices.join(', ')}, not "${wanted}".`);
  }
  const parties = given.text('otherParty');
  if (parties !== undefined && !OTHER_PARTY.some((one) => one === parties)) {
    throw new UsageError(`--other-party is one of ${OTHER_PARTY.join(', ')}, not "${parties}".`);
  }
  const listed = given.text('listed')?.split(',') ?? [];
  if (watchers === undefined && (parties !== undefined || listed.length > 0)) {
    throw new UsageError(`Say who may watch: one of ${choices.join(', ')}.`);
  }
  const details = parties === undefined ? {} : { details: parties === 'shown' };
  const found = await withAdmin(given, io, (admin) =>
    watchers === undefined
      ? admin.call('presence.rule', asked)
      : admin.call('presence.setRule', { ...asked, watchers, listed, ...details }),
  );
  say(given, io, found, sentenceOf(found));
}

const ownerOf = ({ number, domain }: WatchRuleInfo): string => `${number ?? ''}@${domain}`;

function sentenceOf(found: WatchRuleInfo): string {
  const watchers = {
    everyone: 'by everyone in the domain',
    listed: `by ${found.listed.join(', ') || 'nobody yet'}`,
    nobody: 'by nobody',
  }[found.watchers];
  return `${ownerOf(found)} is watched ${watchers}; the other party of a call is ${found.details ? 'shown' : 'hidden'}.`;
}
