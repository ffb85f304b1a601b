/** `tandem completion SHELL`, and what its scripts ask: `tandem complete -- WORDS`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CAC } from 'cac';
import { type RemoteAdmin, reachAdmin } from '../../node/control/index.ts';
import { logLevels } from '../../node/log.ts';
import { adjustable } from '../../node/settings/adjustable.ts';
import { forwardCases } from '../../server/divert/call-handling.ts';
import { natPings, redirectPolicies, relayModes } from '../../server/settings.ts';
import { type Candidate, complete, FILES, scripts, type ValuesOf } from '../completion.ts';
import { officeIn } from '../data-dir.ts';
import { type Io, UsageError } from '../io.ts';
import { printable } from '../output.ts';
import { declare, say } from './common.ts';
import { choices } from './mode.ts';

const shells = Object.keys(scripts);
/** More would not fit the screen. */
const MOST_VALUES = 50;

export function addCompletion(cli: CAC, io: Io): void {
  declare(
    cli,
    'completion <shell>',
    `Print what makes a shell complete commands: ${shells.join(', ')}`,
    async (given, shell = '') => {
      const script = scripts[shell];
      if (script === undefined) throw new UsageError(`The shell is one of ${shells.join(', ')}, not "${shell}".`);
      say(given, io, { shell, script }, script.trimEnd());
    },
  ).example('  source <(tandem completion bash)');
}

/** A line for each word that may come next; nothing where that cannot be told. */
export async function printCandidates(cli: CAC, words: readonly string[], io: Io): Promise<void> {
  const found = await complete(cli, words, valuesIn(io));
  if (found === FILES) io.stdout.write(`${FILES}\n`);
  else for (const { word, about } of found) io.stdout.write(`${about === undefined ? word : `${word}\t${about}`}\n`);
}

const words = (...all: readonly string[]): Candidate[] => all.map((word) => ({ word }));

/** Choices that are known without an office, by their placeholder. */
const fixed: Readonly<Record<string, () => readonly Candidate[]>> = {
  shell: () => words(...shells),
  mode: () => words(...choices),
  'yes-or-no': () => words('yes', 'no'),
  'on-or-off': () => words('on', 'off'),
  when: () => words(...forwardCases),
  level: () => words(...logLevels),
  whose: () => words(...new Set([...relayModes, ...redirectPolicies])),
  how: () => words(...natPings),
  setting: () => [...adjustable.values()].map(({ name, what }) => ({ word: name, about: what })),
};

type Look = (admin: RemoteAdmin, begun: string) => Promise<readonly Candidate[]>;

/** What is in the office, by its placeholder. */
const looks: Readonly<Record<string, Look>> = {
  number: async (admin, begun) => {
    const { items } = await admin.call('users.list', { text: begun.split('@')[0] ?? '', limit: MOST_VALUES });
    const home = (await admin.call('status', {})).domains[0];
    return items.map(({ number, domain, name }) => ({
      word: domain === home && !begun.includes('@') ? number : `${number}@${domain}`,
      ...(name !== '' && { about: printable(name) }),
    }));
  },
  domain: async (admin, begun) => {
    const { items } = await admin.call('domains.list', { text: begun, limit: MOST_VALUES });
    return items.map(({ name }) => ({ word: name }));
  },
  alias: async (admin, begun) => {
    const { items } = await admin.call('aliases.list', { text: begun, limit: MOST_VALUES });
    return items.map(({ alias, number }) => ({ word: alias, about: `of ${number}` }));
  },
  address: async (admin, begun) => {
    const { items } = await admin.call('bans.list', { text: begun, limit: MOST_VALUES });
    return items.map(({ address, reason }) => ({ word: address, about: printable(reason) }));
  },
};

/** What a placeholder of another name stands for. */
const alike: Readonly<Record<string, string>> = {
  who: 'number',
  'domain mode name': 'domain',
  'domain remove name': 'domain',
};
const files = new Set(['file', 'dir']);

const valuesIn =
  (io: Io): ValuesOf =>
  async ({ placeholder, command, begun, before }) => {
    const name = alike[`${command} ${placeholder}`] ?? alike[placeholder] ?? placeholder;
    if (files.has(name)) return FILES;
    if (command === 'settings set' && name === 'value')
      return words(...(adjustable.get(before.at(-1) ?? '')?.choices ?? []));
    const known = fixed[name];
    if (known !== undefined) return known();
    // A new user's number, or an address to ban, is not among those that are there.
    const look = looks[name];
    if (look === undefined || command === 'user add' || command === 'ban add') return [];
    const at = before.lastIndexOf('--data');
    const dataDir = officeIn((at < 0 ? undefined : before[at + 1]) ?? io.defaultDataDir);
    if (!existsSync(join(dataDir, 'tandem.db'))) return [];
    const admin = await reachAdmin(dataDir);
    try {
      return await look(admin, begun);
    } finally {
      admin.close();
    }
  };
