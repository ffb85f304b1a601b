/**
 * Somebody who is watched: what his presence (RFC 3856) and his calls (RFC 4235) say, as one state. Where a server has
 * only one of the two, that has to do.
 */
import { DIALOG_INFO, readDialogInfo, type SeenDialog } from '../../../../proxy-core/sip/bodies/dialog-info.ts';
import { isBusy, PIDF, type PublishedPresence, readPidf } from '../../../../proxy-core/sip/bodies/pidf.ts';
import { readXml } from '../../../../proxy-core/sip/bodies/read-xml.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import { parseUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { WatchedPerson } from '../../../shared/watched-person.ts';
import type { PersonSnapshot, PersonState, RingingCall } from '../snapshots.ts';
import { WatchedDialogs } from './dialogs.ts';
import type { EventsHost } from './host.ts';
import { Subscription, type Taken } from './subscription.ts';

export interface PersonOptions {
  readonly host: EventsHost;
  readonly accountId: string;
  readonly who: WatchedPerson;
  /** A binary string. */
  readonly uri: string;
  readonly number: string;
  /** One of its subscriptions is over. */
  readonly over: (subscription: Subscription) => void;
}

export class Person {
  readonly #options: PersonOptions;
  readonly #presence: Subscription;
  readonly #calls: Subscription;
  readonly #dialogs = new WatchedDialogs();
  #said: PublishedPresence | undefined;
  name: string;

  constructor(options: PersonOptions) {
    this.#options = options;
    this.name = options.who.name;
    const { host, uri, over } = options;
    this.#presence = new Subscription({
      ...{ host, uri, event: 'presence', accept: PIDF, over: () => over(this.#presence) },
      take: (body) => this.#takePresence(body),
    });
    this.#calls = new Subscription({
      ...{ host, uri, event: 'dialog', accept: DIALOG_INFO, over: () => over(this.#calls) },
      take: (body, first) => this.#takeDialogs(body, first),
    });
  }

  get subscriptions(): readonly Subscription[] {
    return [this.#presence, this.#calls];
  }

  get snapshot(): PersonSnapshot {
    const { accountId, who, number } = this.#options;
    const { name } = this;
    const said = this.#presence.isKnown ? this.#said : undefined;
    const dialogs = this.#calls.isKnown ? this.#dialogs.all : undefined;
    const state = stateOf(said, dialogs);
    const ringing = dialogs && ringingOf(dialogs);
    const problem = state === 'unknown' ? (this.#presence.problem ?? this.#calls.problem) : undefined;
    return {
      ...{ accountId, target: who.target, number, name, state, note: said?.note ?? '' },
      ...(ringing === undefined ? {} : { ringing }),
      ...(problem === undefined ? {} : { problem }),
    };
  }

  #takePresence(body: string): Taken {
    if (body === '') {
      // Nobody has told the server of him: he is not there.
      this.#said = { isOpen: false, activities: [], note: '' };
      return 'taken';
    }
    const read = readPidf(body, readXml);
    this.#said = read.ok ? read.value : undefined;
    return read.ok ? 'taken' : 'unreadable';
  }

  #takeDialogs(body: string, first: boolean): Taken {
    if (body === '') return this.#dialogs.clear();
    const read = readDialogInfo(body, readXml);
    return read.ok ? this.#dialogs.take(read.value, first) : 'unreadable';
  }
}

const isRinging = ({ state, direction }: SeenDialog): boolean =>
  direction === 'recipient' && (state === 'early' || state === 'proceeding' || state === 'trying');

/** Undefined stands for what is not known. */
export function stateOf(said: PublishedPresence | undefined, dialogs: readonly SeenDialog[] | undefined): PersonState {
  if (dialogs?.some(isRinging) === true) return 'ringing';
  if (dialogs !== undefined && dialogs.length > 0) return 'in-call';
  if (said === undefined) return dialogs === undefined ? 'unknown' : 'available';
  if (said.activities.includes('on-the-phone')) return 'in-call';
  if (said.isOpen === false) return 'offline';
  return isBusy(said) ? 'do-not-disturb' : 'available';
}

/** The call that can be picked up: his phone rings, and we were told by what to name the call (RFC 3891). */
function ringingOf(dialogs: readonly SeenDialog[]): RingingCall | undefined {
  for (const dialog of dialogs) {
    const { callId, localTag, remoteTag, remote } = dialog;
    const target = remote.target || remote.uri;
    const uri = parseUri(target);
    if (!isRinging(dialog) || callId === '' || localTag === '' || remoteTag === '' || !uri.ok) continue;
    return {
      caller: remote.name || toText(uri.value.userDecoded) || toText(uri.value.host),
      target: toText(target),
      // As the caller sees it, whose dialog it is that we take the place in.
      replaces: { callId, toTag: remoteTag, fromTag: localTag, earlyOnly: true },
    };
  }
  return undefined;
}
