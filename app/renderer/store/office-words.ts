/** What is in the office, in words: forwards, times, how calls ended. */
import { plural, t } from '@lingui/core/macro';
import { said } from '../../words/said.ts';
import type {
  CallInfo,
  ExchangeMode,
  HandlingInfo,
  RecordInfo,
  RefusalInfo,
  RestlessPhone,
  WatchRule,
} from './office-types.ts';

export type ForwardCase = keyof HandlingInfo['forwards'];

export const FORWARD_CASES = ['always', 'busy', 'no-answer', 'unreachable'] as const satisfies readonly ForwardCase[];

export function forwardCaseWords(when: ForwardCase, seconds: number): string {
  switch (when) {
    case 'always':
      return t`All calls`;
    case 'busy':
      return t`When busy`;
    case 'no-answer':
      return t`When nobody answers for ${seconds} s`;
    case 'unreachable':
      return t`When no phone is registered`;
  }
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** A span of time, roughly. */
export function spanWords(ms: number): string {
  if (ms < 90_000) return t`${Math.max(0, Math.round(ms / 1000))} s`;
  if (ms < 2 * HOUR) return t`${Math.round(ms / MINUTE)} min`;
  if (ms < 48 * HOUR) return t`${Math.round(ms / HOUR)} h`;
  return plural(Math.round(ms / (24 * HOUR)), { one: '# day', other: '# days' });
}

/** How long a registration still holds. */
export const untilWords = (expiresAt: number, now: number): string => t`For another ${spanWords(expiresAt - now)}`;

export type Outcome = RecordInfo['outcome'];

export const OUTCOMES = [
  'answered',
  'cancelled',
  'busy',
  'no-answer',
  'declined',
  'not-found',
  'unavailable',
  'redirected',
  'failed',
] as const satisfies readonly Outcome[];

export function outcomeWords(outcome: Outcome): string {
  switch (outcome) {
    case 'answered':
      return t`Answered`;
    case 'cancelled':
      return t`Given up by the caller`;
    case 'busy':
      return t`Busy`;
    case 'no-answer':
      return t`Nobody answered`;
    case 'declined':
      return t`Declined`;
    case 'not-found':
      return t`No such number`;
    case 'unavailable':
      return t`No phone was there`;
    case 'redirected':
      return t`Sent elsewhere`;
    case 'failed':
      return t`Failed`;
  }
}

/** Whether it is a call that somebody should look into. */
export const isFailure = (outcome: Outcome): boolean =>
  outcome === 'failed' || outcome === 'not-found' || outcome === 'unavailable';

type Party = RecordInfo['caller'];

export const partyName = ({ name, number, domain }: Party): string => name.trim() || number || domain;

const FROM_RIGHT_TO_LEFT = /\p{Script=Hebrew}|\p{Script=Arabic}|\p{Script=Syriac}|\p{Script=Thaana}/u;

/** Who called whom, from left to right, whichever way the names run. */
export function partyWords(caller: Party, callee: Party): string {
  const [from, to] = [partyName(caller), partyName(callee)];
  if (!FROM_RIGHT_TO_LEFT.test(from + to)) return `${from} → ${to}`;
  return `\u200e\u2068${from}\u2069 → \u2068${to}\u2069`;
}

export function callNowWords(state: CallInfo['state']): string {
  switch (state) {
    case 'trying':
      return t`Is being put through`;
    case 'ringing':
      return t`Rings`;
    case 'answered':
      return t`Talking`;
    case 'ended':
      return t`Ended`;
  }
}

export function enderWords(by: RecordInfo['endedBy']): string {
  switch (by) {
    case 'caller':
      return t`The caller`;
    case 'callee':
      return t`The called side`;
    case 'exchange':
      return t`The exchange`;
  }
}

/** What became of one phone of a call. */
export function deviceFateWords(device: RecordInfo['devices'][number], isAnswer: boolean): string {
  if (isAnswer) return t`Answered`;
  if (device.isElsewhere) return t`Stopped: another one answered`;
  const rang = device.ringingAt > 0 ? t`Rang` : t`Did not ring`;
  return device.status === 0 ? rang : t`${rang}, status ${device.status}`;
}

/** Of those who were refused lately; at least one. */
export function refusedWords(all: readonly RefusalInfo[]): string {
  const [first] = all;
  if (first !== undefined && all.length === 1) {
    const { address, as } = first;
    const why = said(first.why);
    return as === ''
      ? t`${address} was refused in the last hour. ${why}`
      : t`${address} was refused in the last hour, as ${as}. ${why}`;
  }
  return plural(new Set(all.map(({ address }) => address)).size, {
    one: '# address was refused again and again in the last hour.',
    other: '# addresses were refused in the last hour.',
  });
}

/** What a phone does that cannot keep still. */
export function restlessWords({ name, number, how, times, since, last }: RestlessPhone): string {
  const who = name || number;
  const often = plural(times, { one: '# time', other: '# times' });
  const span = spanWords(last - since);
  switch (how) {
    case 'again':
      return t`The phone of ${who} registered ${often} in ${span}: it restarts, or loses its network.`;
    case 'moved':
      return t`The phone of ${who} changed its address ${often} in ${span}.`;
    case 'back':
      return t`The phone of ${who} came and went ${often} in ${span}.`;
  }
}

export const WATCHERS = ['everyone', 'listed', 'nobody'] as const satisfies readonly WatchRule['watchers'][];

export function watcherWords(watchers: WatchRule['watchers']): string {
  switch (watchers) {
    case 'everyone':
      return t`Everyone in the domain`;
    case 'listed':
      return t`Only some`;
    case 'nobody':
      return t`Nobody but themselves`;
  }
}

export const modeChoices = (ofDomain: boolean): readonly (readonly [ExchangeMode | 'default', string])[] => [
  ['default', ofDomain ? t`As the exchange does` : t`As the domain says`],
  ['proxy', t`Through the exchange`],
  ['redirect', t`Callers are told where to call`],
  ['stateless', t`Passed on without being remembered`],
];

const backupKinds = (): Readonly<Record<string, string>> => ({
  domains: t`Domains`,
  users: t`Users`,
  aliases: t`Further numbers`,
  devices: t`Devices with passwords of their own`,
  settings: t`Settings`,
  forwards: t`Forwards`,
  'rules of presence': t`Who may watch whom`,
  'watch lists': t`Lists to watch`,
  messages: t`Kept messages`,
  registrations: t`Registered phones`,
  'trusted networks': t`Trusted networks`,
  bans: t`Addresses kept out`,
});

/** A kind of things in a backup. */
export const backupKindWords = (kind: string): string => backupKinds()[kind] ?? kind;

/** The value of a setting with its unit. */
export const valueWords = (value: string | number, unit: string | undefined): string =>
  unit === undefined ? String(value) : `${value} ${unit}`;

const actions = (): Readonly<Record<string, string>> => ({
  'users.add': t`User added`,
  'users.remove': t`User removed`,
  'users.import': t`Users imported`,
  'users.rename': t`Name`,
  'users.setPassword': t`Password`,
  'users.setAdmin': t`Administrator`,
  'users.mode': t`Mode of a user`,
  'devices.add': t`Device added`,
  'devices.remove': t`Device shut out`,
  'aliases.add': t`Number added`,
  'aliases.remove': t`Number removed`,
  'domains.add': t`Domain added`,
  'domains.remove': t`Domain removed`,
  'domains.mode': t`Mode of a domain`,
  'location.remove': t`Phone signed out`,
  'forwards.set': t`Forward`,
  'forwards.clear': t`Forward ended`,
  'forwards.outside': t`Forwarding outside`,
  'dnd.set': t`Do not disturb`,
  'bans.add': t`Kept out`,
  'bans.lift': t`Let in`,
  'trust.add': t`Network trusted`,
  'trust.remove': t`Network no longer trusted`,
  'calls.end': t`Call ended`,
  'messages.remove': t`Kept messages thrown away`,
  'presence.setRule': t`Who may see a lamp`,
  'lists.set': t`List to watch`,
  'lists.remove': t`List to watch removed`,
  'subscriptions.end': t`Watching ended`,
  'invites.add': t`Code made`,
  'invites.remove': t`Code taken back`,
  'records.keep': t`How long calls are kept`,
  'records.webhook': t`Who is told of calls`,
  'settings.set': t`Setting`,
  'settings.reset': t`Setting as usual`,
  'audit.undo': t`Change taken back`,
});

/** What was done, or the name of the method where it has no words here. */
export const actionWords = (action: string): string => actions()[action] ?? action;

/** A field of what was changed, as a person reads it. */
export const fieldWords = (field: string): string =>
  field.charAt(0).toUpperCase() + field.slice(1).replaceAll('_', ' ');
