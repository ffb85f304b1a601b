/** `tandem presence …`: what the lamps of the office show, and who may watch whom. */
import type { CAC } from 'cac';
import type { LampInfo, WatchRuleInfo } from '../../node/control/index.ts';
import { watcherRules } from '../../server/events/watch-rules.ts';
import type { Given } from '../arguments.ts';
import { type Io, UsageError } from '../io.ts';
import { addListing } from '../listing.ts';
import { printJson, printTable } from '../output.ts';
import { declare, inDomain, nameOf, say, who, withAdmin } from './common.ts';

const choices = [...watcherRules, 'default'] as const;
const OTHER_PARTY = ['shown', 'hidden'] as const;

export function addPresence(cli: CAC, io: Io): void {
  addListing(cli, io, {
    command: 'presence list',
    description: 'List what the lamp of each user shows',
    method: 'presence.list',
    options: [['--domain <name>', 'Only the users of this domain']],
    params: inDomain,
    head: HEAD,
    row: rowOf,
  });
  declare(cli, 'presence show <number>', 'Show the lamp of a user', (given, word) => show(given, io, word));
  addListing(cli, io, {
    command: 'presence rules',
    description: 'List the rules of who may watch whom',
    method: 'presence.rules',
    head: ['OF', 'WATCHERS', 'OTHER PARTY', 'LISTED'],
    row: (one) => [ownerOf(one), one.watchers, one.details ? 'shown' : 'hidden', one.listed.join(',')],
  });
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

async function show(given: Given, io: Io, word: string | undefined): Promise<void> {
  const found = await withAdmin(given, io, (admin) => admin.call('presence.show', who(word)));
  if (given.flag('json')) return printJson(io.stdout, found);
  printTable(io.stdout, HEAD, [rowOf(found)]);
}

const HEAD = ['USER', 'NAME', 'STATE', 'ACTIVITIES', 'NOTE'];

const rowOf = (one: LampInfo): string[] => [nameOf(one), one.name, one.state, one.activities.join(' '), one.note];

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
