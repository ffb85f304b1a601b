/**
 * The codes that people dial to say where their calls go, as ETSI ETS 300 738 (`*21*1003#` on, `#21#` off, `*#21#` ask) and
 * mobile networks (`**61*1003**15#`, `##002#`) have them, and `*78` and `*79` for do not disturb.
 */
import { phrase } from '../phrase.ts';
import type { CallHandling, ForwardCase } from './call-handling.ts';
import type { HandlingChange } from './change.ts';

export type ServiceCode =
  | { readonly kind: 'change'; readonly change: HandlingChange }
  | { readonly kind: 'ask'; readonly about: ForwardCase | 'do-not-disturb' | 'all' }
  | { readonly kind: 'incomplete' };

const FORWARDS: Readonly<Record<string, ForwardCase>> = {
  '21': 'always',
  '67': 'busy',
  '61': 'no-answer',
  '62': 'unreachable',
};
const DO_NOT_DISTURB = '26';
const ALL = '002';

const CODE = /^(\*#|\*\*?|##?)(21|67|61|62|26|002)(?:\*([^*#]{0,64}))?(?:\*{1,2}(\d{1,4}))?#?$/;
const SHORT = /^\*7([89])#?$/;

/** Undefined for what is none of the codes. The `#` at the end may be missing: many phones take it for "dial now". */
export function readServiceCode(dialled: string): ServiceCode | undefined {
  const short = SHORT.exec(dialled);
  if (short !== null) return change({ kind: 'do-not-disturb', on: short[1] === '8' });
  const [, how, what = '', to = '', seconds] = CODE.exec(dialled) ?? [];
  if (how === undefined) return undefined;
  const when = FORWARDS[what];
  if (how === '*#') return { kind: 'ask', about: when ?? (what === ALL ? 'all' : 'do-not-disturb') };
  const isOn = how.startsWith('*');
  if (what === DO_NOT_DISTURB) return change({ kind: 'do-not-disturb', on: isOn });
  if (!isOn) return change({ kind: 'clear', when });
  if (when === undefined || to === '') return { kind: 'incomplete' };
  return change({ kind: 'forward', when, to, seconds: seconds === undefined ? undefined : Number(seconds) });
}

const change = (made: HandlingChange): ServiceCode => ({ kind: 'change', change: made });

const NAMES: Readonly<Record<ForwardCase, string>> = {
  always: phrase('Always'),
  busy: phrase('When Busy'),
  'no-answer': phrase('On No Answer'),
  unreachable: phrase('When Unreachable'),
};

/** What was done, or stands, in a few words for a phone's display. */
export function tellCode(code: Exclude<ServiceCode, { kind: 'incomplete' }>, now: CallHandling): string {
  if (code.kind === 'ask') {
    if (code.about === 'do-not-disturb') return disturb(now);
    if (code.about !== 'all') return forward(code.about, now);
    const set = (Object.keys(NAMES) as ForwardCase[]).filter((when) => now.forwards[when] !== undefined);
    return set.length === 0 ? phrase('No Forwarding') : set.map((when) => forward(when, now)).join('; ');
  }
  const { change: made } = code;
  if (made.kind === 'clear' && made.when === undefined) return phrase('No Forwarding');
  if (made.kind === 'clear' || made.kind === 'forward') return forward(made.when ?? 'always', now);
  return disturb(now);
}

const disturb = ({ doNotDisturb }: CallHandling): string =>
  doNotDisturb ? phrase('Do Not Disturb On') : phrase('Do Not Disturb Off');

function forward(when: ForwardCase, { forwards, noAnswerSeconds }: CallHandling): string {
  const to = forwards[when];
  if (to === undefined) return phrase(`Forwarding ${NAMES[when]} Off`);
  if (when === 'no-answer') return phrase(`Forwarding ${NAMES[when]} After ${noAnswerSeconds} s To ${to}`);
  return phrase(`Forwarding ${NAMES[when]} To ${to}`);
}
