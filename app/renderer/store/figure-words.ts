/** The figures of the exchange by names that people read. */
import { t } from '@lingui/core/macro';
import { numbers } from './notation.ts';
import type { OfficeStatus, Stats } from './office-types.ts';
import { spanWords } from './office-words.ts';
import { bytesWords, listWords } from './words.ts';

type Rows = readonly (readonly [name: string, value: string])[];

export function statusRows({ version, pid, mode, listeners = [], domains, events }: OfficeStatus): Rows {
  return [
    [t`Version`, version],
    [t`Process`, String(pid)],
    [t`How calls are passed on`, mode],
    [t`Listens on`, listeners.join(', ')],
    [t`Domains`, listWords(domains)],
    ...(events === undefined ? [] : [[t`What phones published`, numbers({}).format(events.publications)] as const]),
  ];
}

/** In the order in which they are shown. */
const names = (): Readonly<Record<string, string>> => ({
  uptime: t`Has run for`,
  users: t`Users`,
  registrations: t`Phones registered`,
  calls: t`Calls now`,
  callsOnRecord: t`Calls on record`,
  messagesKept: t`Kept messages`,
  subscriptions: t`Who watches whom`,
  bans: t`Addresses kept out`,
  overloaded: t`Has more to do than it can`,
  relayedCalls: t`Calls whose sound passes through here`,
  packets: t`Packets of sound`,
  bytes: t`Sound passed on`,
  lost: t`Packets lost before they came here`,
  dropped: t`Packets of strangers, dropped`,
  refusedCalls: t`Calls for which there was no room`,
  overShareCalls: t`Of these beyond the caller’s share`,
  silentCalls: t`Calls that fell silent`,
  pinged: t`Phones behind routers that are kept awake`,
  expired: t`Registrations given up`,
  clientTransactions: t`Questions under way`,
  serverTransactions: t`Answers under way`,
  residentBytes: t`Memory`,
  heapBytes: t`Memory of the program itself`,
});

function figureOf(name: string, value: number): string {
  if (name === 'uptime') return spanWords(value * 1_000);
  if (name === 'overloaded') return value > 0 ? t`Yes` : t`No`;
  return name === 'bytes' || name.endsWith('Bytes') ? bytesWords(value) : numbers({}).format(value);
}

/** Those that have no name here stand at the end, under their own. */
export function figureRows(stats: Stats): Rows {
  const known = Object.entries(names()).filter(([name]) => stats[name] !== undefined);
  const others = Object.keys(stats).filter((name) => !(name in names()) && name !== 'domains');
  return [
    ...known.map(([name, words]) => [words, figureOf(name, stats[name] ?? 0)] as const),
    ...others.map((name) => [name, figureOf(name, stats[name] ?? 0)] as const),
  ];
}
