/** The dialog of a subscription (RFC 6665 §4.1, §4.4.1): made by its 2xx or by a NOTIFY that comes before, and made anew when it ended. */
import {
  type Dialog,
  type Draft,
  dialogAsCallee,
  dialogAsCaller,
  nextRequest,
  receiveInDialog,
  refreshTarget,
} from '../../../../proxy-core/sip/dialog/dialog.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { type EventsHost, outsideRequest } from './host.ts';

export class SubscriptionDialog {
  readonly #host: EventsHost;
  readonly #uri: string;
  #callId = '';
  #localTag = '';
  #cseq = 0;
  #dialog: Dialog | undefined;
  /** The dialog is that of a NOTIFY, not only of a 2xx. */
  #isTold = false;

  constructor(host: EventsHost, uri: string) {
    this.#host = host;
    this.#uri = uri;
  }

  get isThere(): boolean {
    return this.#dialog !== undefined;
  }

  /** Forgets the one before. */
  begin(): void {
    const { random } = this.#host;
    this.#callId = `${random(16)}@tandem.invalid`;
    this.#localTag = random(8);
    this.#cseq = 0;
    this.#dialog = undefined;
    this.#isTold = false;
  }

  owns(request: SipRequest): boolean {
    if (this.#callId === '' || request.callId !== this.#callId || request.to.tag !== this.#localTag) return false;
    // The first NOTIFY makes the dialog; a second notifier behind a fork is turned away (§4.1.4).
    return !this.#isTold || request.from.tag === this.#dialog?.remoteTag;
  }

  /**
   * The tries of one SUBSCRIBE: `headers` of the one that counts `attempt` from 0. Within the dialog where there was one when
   * the first was sent.
   */
  subscribe(): (attempt: number, headers: readonly HeaderLine[]) => Draft {
    const host = this.#host;
    const uri = this.#uri;
    const dialog = this.#dialog;
    const { callId, localTag } = { callId: this.#callId, localTag: this.#localTag };
    const first = this.#cseq + 1;
    return (attempt, headers) => {
      const cseq = first + attempt;
      this.#cseq = cseq;
      if (dialog === undefined)
        return outsideRequest(host, { method: 'SUBSCRIBE', uri, callId, localTag, cseq, headers });
      const parts = { method: 'SUBSCRIBE', headers: [...headers, host.userAgent] };
      return nextRequest({ ...(this.#dialog ?? dialog), localSeq: cseq - 1 }, parts).draft;
    };
  }

  /** Takes a 2xx to a SUBSCRIBE. */
  accepted(response: SipResponse, request: SipRequest): void {
    if (this.#dialog === undefined) {
      const made = dialogAsCaller(request, response);
      if (made.ok) this.#dialog = made.dialog;
    } else this.#dialog = refreshTarget(this.#dialog, response);
  }

  /** Takes a NOTIFY that it owns: makes the dialog, or takes its number there; false for one older than the last. */
  enter(request: SipRequest): boolean {
    if (this.#isTold && this.#dialog !== undefined) {
      const next = receiveInDialog(this.#dialog, request);
      if (next === 'out-of-order') return false;
      this.#dialog = refreshTarget(next, request);
      return true;
    }
    const made = dialogAsCallee(request, this.#localTag);
    if (made.ok) {
      this.#dialog = { ...made.dialog, state: 'confirmed', localSeq: this.#cseq };
      this.#isTold = true;
    }
    return made.ok;
  }
}
