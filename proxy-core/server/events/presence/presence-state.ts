/** What a user is to those who see his lamp, composed of what the exchange sees itself and what his phones publish. */
import { isBusy, type PublishedPresence } from '../../../sip/bodies/pidf.ts';

/** `in-call`: he talks, or calls somebody; `ringing`: somebody calls him. */
export const lampStates = ['available', 'in-call', 'ringing', 'do-not-disturb', 'offline'] as const;
export type LampState = (typeof lampStates)[number];

export interface SeenUser {
  readonly isRegistered: boolean;
  readonly isInCall: boolean;
  readonly isRinging: boolean;
  readonly isDoNotDisturb: boolean;
  /** The latest first. */
  readonly published: readonly PublishedPresence[];
}

export interface Presence {
  readonly lamp: LampState;
  readonly activities: readonly string[];
  readonly note: string;
}

const NOTES: Readonly<Record<Exclude<LampState, 'ringing'>, string>> = {
  available: '',
  'in-call': 'On the phone',
  'do-not-disturb': 'Do not disturb',
  offline: '',
};

/**
 * That nobody is there outweighs everything; then a call, which the exchange sees, and then the wish to be left alone. Of a
 * call that only rings nothing stands in a presence document: that is what `dialog` tells.
 */
export function composePresence(seen: SeenUser): Presence {
  const { isRegistered, isInCall, isRinging, isDoNotDisturb, published } = seen;
  const isHidden = published.length > 0 && published.every(({ isOpen }) => isOpen === false);
  if (!isInCall && (!isRegistered || isHidden)) return { lamp: 'offline', activities: [], note: '' };
  const activities = new Set<string>();
  for (const one of published) for (const activity of one.activities) activities.add(activity);
  const isLeftAlone = isDoNotDisturb || published.some(isBusy);
  const steady = isInCall ? 'in-call' : isLeftAlone ? 'do-not-disturb' : 'available';
  const lamp = isRinging && !isInCall ? 'ringing' : steady;
  if (isInCall) activities.add('on-the-phone');
  if (isLeftAlone) activities.add('busy');
  const own = published.find(({ note }) => note !== '')?.note;
  return { lamp, activities: [...activities].sort(), note: own ?? NOTES[steady] };
}
