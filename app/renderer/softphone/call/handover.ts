/** Transfers of one call: those that the person here begins, and those that the other side asks for. */
import type { Dialog } from '../../../../proxy-core/sip/dialog/dialog.ts';
import { type Referred, readReferTo, referTo } from '../../../../proxy-core/sip/dialog/refer.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import type { SipUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { CallHost } from './host.ts';
import type { Leg } from './legs.ts';
import { ReferredCall } from './referred.ts';
import { Transfer } from './transfer.ts';
import type { CallEvent } from './types.ts';

export interface HandoverPorts {
  readonly callId: string;
  readonly who: string;
  /** Of an answered call. */
  readonly leg: () => Leg | undefined;
  readonly reply: (transaction: ServerTransaction, status: number, headers?: readonly HeaderLine[]) => void;
  readonly hold: () => void;
  readonly dispatch: (event: CallEvent) => void;
  /** Why the call is about to end. */
  readonly epitaph: (words: string) => void;
  readonly note: (text: string) => void;
  readonly changed: () => void;
}

/** Why not, where it does not even begin. */
type Begun = { ok: true } | { ok: false; reason: string };

interface Beginning {
  /** To another device of the user's own. */
  readonly isMove?: boolean;
  readonly done?: () => void;
}

/** So many seconds a device that a call is moved to may ring. */
const RINGS = 45;

export class Handover {
  readonly #host: CallHost;
  readonly #ports: HandoverPorts;
  #transfer: Transfer | undefined;
  #referred: ReferredCall | undefined;

  constructor(host: CallHost, ports: HandoverPorts) {
    this.#host = host;
    this.#ports = ports;
  }

  get transferring(): string | undefined {
    return this.#transfer?.isOver === false ? this.#transfer.words : undefined;
  }

  get question(): string | undefined {
    if (this.#referred?.isAsking !== true) return undefined;
    return `${this.#ports.who} wants to connect you with ${shown(this.#referred.target.uri)}.`;
  }

  /** What to say of a call that the other side ended. */
  get epitaph(): string | undefined {
    return this.#transfer?.isTrying === true ? this.#transfer.epitaph : undefined;
  }

  decide(yes: boolean): void {
    this.#referred?.decide(yes);
  }

  /** Has the other side call `uri`. */
  transfer(uri: string, who: string): Begun {
    return this.#begin(referTo(uri), who);
  }

  /** Has the other side call a device of the user's own. */
  move(uri: string, who: string): Begun {
    return this.#begin(referTo(uri, { expires: RINGS }), who, { isMove: true });
  }

  /** Has the other side take our place in another call, by its dialog; `done` is called once it did. */
  join({ callId, remoteTag, localTag, remoteTarget }: Dialog, who: string, done: () => void): Begun {
    const replaces = { callId, toTag: remoteTag, fromTag: localTag, earlyOnly: false };
    return this.#begin(referTo(remoteTarget, { replaces }), who, { done });
  }

  /** The call is on hold, and the other side knows it. */
  proceed(): void {
    this.#transfer?.begin();
  }

  /** A NOTIFY; false where it is none about a transfer of ours. */
  notified(transaction: ServerTransaction): boolean {
    const { request } = transaction;
    if (this.#transfer?.concerns(request) !== true) return false;
    this.#ports.reply(transaction, 200);
    this.#transfer.notified(request);
    return true;
  }

  /** A REFER of the other side. */
  refer(transaction: ServerTransaction): void {
    const { clock, settings, contact, callReferred } = this.#host;
    const { reply, changed, callId, leg: ownLeg } = this.#ports;
    const leg = ownLeg();
    const read = readReferTo(transaction.request);
    const consent = read.ok ? this.#mayRefer(read.value, transaction.request) : 'no';
    if (!read.ok) reply(transaction, read.status);
    else if (leg === undefined || consent === 'no') reply(transaction, settings.transfers === 'never' ? 603 : 403);
    // One at a time: nobody makes this phone call the whole office at once.
    else if (this.#referred?.isOver === false) reply(transaction, 491);
    else {
      const referredBy = transaction.request.header(H.ReferredBy) ?? `<${leg.dialog.remoteTarget}>`;
      this.#referred = new ReferredCall(
        {
          ...{ clock, leg, transaction, changed },
          target: read.value,
          accept: (headers) => reply(transaction, 202, headers),
          contact: () => [H.Contact, contact()],
          call: (progress) => callReferred(read.value, { referredBy, from: callId, progress }) !== undefined,
        },
        consent === 'ask',
      );
    }
    changed();
  }

  stop(): void {
    this.#transfer?.stop();
    this.#referred?.stop();
  }

  #begin(target: string, who: string, { isMove = false, done }: Beginning = {}): Begun {
    const { clock, from } = this.#host;
    const { changed } = this.#ports;
    const leg = this.#ports.leg();
    if (leg === undefined) return { ok: false, reason: 'Only a call that was answered can be transferred.' };
    if (this.#transfer?.isOver === false) return { ok: false, reason: 'This call is being transferred already.' };
    const transfer: Transfer = new Transfer({
      ...{ clock, leg, who, isMove, changed, referTo: target },
      referredBy: from(),
      done: () => {
        this.#ports.epitaph(transfer.epitaph);
        this.#ports.dispatch({ type: 'hang-up' });
        done?.();
      },
      failed: (reason) => {
        this.#ports.note(reason);
        changed();
      },
    });
    this.#transfer = transfer;
    this.#ports.hold();
    changed();
    return { ok: true };
  }

  #mayRefer({ uri, replaces }: Referred, { from }: SipRequest): 'yes' | 'ask' | 'no' {
    const { settings, isOwn } = this.#host;
    switch (settings.transfers) {
      case 'always':
        return 'yes';
      case 'never':
        return 'no';
      case 'ask':
        return 'ask';
      case 'outside': {
        // A colleague who talks to somebody already names the phone itself, not its number in the domain.
        const joins = replaces !== undefined && from.uri.ok && isOwn(from.uri.value);
        return isOwn(uri) || joins ? 'yes' : 'ask';
      }
    }
  }
}

const MAX_SHOWN = 100;

const shown = (uri: SipUri): string =>
  (toText(uri.userDecoded) || toText(uri.host)).replace(/\p{Cc}/gu, ' ').slice(0, MAX_SHOWN);
