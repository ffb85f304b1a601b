/**
 * What one call answers: each response with what belongs into it, sent again until it is confirmed where that is asked
 * for (RFC 3261 §13.3.1, RFC 3262 §3).
 */
import { confirms, RELIABLE, supports } from '../../../../proxy-core/sip/dialog/reliable.ts';
import { type Resending, resendAccepted, resendReliable } from '../../../../proxy-core/sip/dialog/resend.ts';
import { buildResponse, type HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { optionTags } from '../../../../proxy-core/sip/message/parse.ts';
import type { Clock } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { CallSettings } from '../../../shared/call-settings.ts';
import { abilities } from './features.ts';
import type { SessionTimer } from './session-timer.ts';

export interface AnswersOptions {
  readonly clock: Clock;
  readonly localTag: string;
  readonly contact: () => string;
  readonly userAgent: HeaderLine;
  readonly settings: CallSettings;
  readonly timer: SessionTimer;
  /** Our 2xx, or our reliable 18x, was never confirmed. */
  readonly unconfirmed: (what: 'no-ack' | 'no-prack') => void;
}

export class Answers {
  readonly #options: AnswersOptions;
  #accepted: Resending | undefined;
  #reliable: { readonly rseq: number; readonly resending: Resending } | undefined;
  #rseq = 0;
  #isConfirmed = false;
  /** What was said last to the INVITE that began the call. */
  #said:
    | { readonly status: number; readonly sdp: string | undefined; readonly headers: readonly HeaderLine[] }
    | undefined;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  respond(
    transaction: ServerTransaction,
    status: number,
    sdp: string | undefined,
    headers: readonly HeaderLine[] = [],
  ): void {
    const { request } = transaction;
    const { localTag, contact, userAgent, settings, timer } = this.#options;
    const begins = (request.method === 'INVITE' || request.method === 'UPDATE') && status > 100 && status < 300;
    const isReliable = request.method === 'INVITE' && status > 100 && status < 200 && this.#wantsPrack(transaction);
    if (request.method === 'INVITE' && request.to.tag === undefined) this.#said = { status, sdp, headers };
    // Its description would have to be confirmed before anybody answered, and the microphone opened for it.
    if (isReliable && request.body === '' && sdp === undefined) return;
    const timed = begins && status >= 200 ? timer.answer(request) : [];
    const response = buildResponse(request, status, {
      toTag: localTag,
      headers: [
        ...(begins ? ([[H.Contact, contact()], ...abilities(settings)] as const) : []),
        ...(isReliable
          ? ([
              [H.Require, RELIABLE],
              [H.RSeq, String(++this.#rseq)],
            ] as const)
          : []),
        ...timed,
        userAgent,
        ...headers,
      ],
      body: sdp === undefined ? undefined : { type: 'application/sdp', content: sdp },
    });
    const send = (): void => transaction.respond(response);
    if (request.method !== 'INVITE') {
      send();
      return;
    }
    if (status >= 200) this.#reliable?.resending.stop();
    const { clock, unconfirmed } = this.#options;
    if (isReliable) {
      const resending = resendReliable({ clock, send, gaveUp: () => unconfirmed('no-prack') });
      this.#reliable = { rseq: this.#rseq, resending };
    } else if (status >= 200 && status < 300) {
      this.acknowledged();
      this.#accepted = resendAccepted({
        clock,
        send,
        gaveUp: () => {
          this.#accepted = undefined;
          unconfirmed('no-ack');
        },
      });
    } else send();
  }

  /** The INVITE came again as another one: it hears what the first one heard. */
  repeat(invitation: ServerTransaction): void {
    this.#reliable?.resending.stop();
    if (this.#said !== undefined) this.respond(invitation, this.#said.status, this.#said.sdp, this.#said.headers);
  }

  /** Answers a PRACK; one that confirms nothing of ours gets 481. */
  prack(prack: ServerTransaction, invite: ServerTransaction | undefined): void {
    const reliable = this.#reliable;
    const fits =
      reliable !== undefined && invite !== undefined && confirms(prack.request, invite.request, reliable.rseq);
    if (fits) {
      reliable.resending.stop();
      this.#isConfirmed = true;
    }
    // It could only bring an offer, and there is none before the one in the INVITE is answered.
    this.respond(prack, fits ? (prack.request.body === '' ? 200 : 488) : 481, undefined);
  }

  /** The caller has confirmed that it knows our dialog, though not the answer. */
  get isConfirmed(): boolean {
    return this.#isConfirmed;
  }

  /** The ACK came, or none is waited for any more. */
  acknowledged(): void {
    this.#accepted?.stop();
    this.#accepted = undefined;
  }

  stop(): void {
    this.acknowledged();
    this.#reliable?.resending.stop();
  }

  #wantsPrack({ request }: ServerTransaction): boolean {
    const { reliable } = this.#options.settings;
    if (reliable === 'off') return false;
    return optionTags(request, H.Require).includes(RELIABLE) || (reliable === 'always' && supports(request, RELIABLE));
  }
}
