/**
 * Candidates told by INFO (RFC 8840): ours to each phone of the call that takes them, once it knows the dialog and our
 * description, one INFO at a time; those of the other side to the gateway.
 */
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { readFragment } from '../../../../proxy-core/sip/sdp/index.ts';
import type { Clock } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import { CANDIDATES, TRICKLE } from './features.ts';
import type { Leg } from './legs.ts';
import type { Exchange } from './session-state.ts';
import type { CallState } from './types.ts';

export interface TricklePorts {
  readonly clock: Clock;
  readonly state: () => CallState;
  readonly legs: { readonly all: Iterable<Leg>; get(tag: string): Leg | undefined };
  /** Whether ICE is wanted at all. */
  readonly isWanted: boolean;
  /** Whether a caller has confirmed our dialog before our answer to its call. */
  readonly isConfirmed: () => boolean;
  readonly reply: (transaction: ServerTransaction, status: number, headers?: readonly HeaderLine[]) => void;
  /** Takes what the other side told. */
  readonly hear: (fragment: string) => void;
}

/** Tries after the first, so far apart. */
const AGAIN_MS = 1_000;
const MAX_TRIES = 4;
/** The other side, or a server on the way, could not take it just then. */
const PASSING: readonly number[] = [408, 480, 491, 500, 503, 504];
/** More than a phone with many networks tells in a day: what comes beyond is taken and passed over. */
const MAX_HEARD = 200;

interface Told {
  /** What was sent last. */
  readonly fragment: string;
  readonly isUnderWay: boolean;
  /** For good where it is none any more. */
  readonly tries: number;
}

export class Trickle {
  readonly #ports: TricklePorts;
  readonly #told = new Map<Leg, Told>();
  #latest: { readonly fragment: string; readonly isNews: boolean } | undefined;
  #heard = 0;

  constructor(ports: TricklePorts) {
    this.#ports = ports;
  }

  /** All candidates of ours so far. @param isNews whether our description did not tell them all. */
  found(fragment: string, isNews: boolean): void {
    if (this.#ports.isWanted) this.#latest = { fragment, isNews };
    this.proceed();
  }

  /** Tells whoever may be told now and was not. */
  proceed(): void {
    if (this.#latest === undefined) return;
    for (const leg of this.#listening()) this.#tell(leg, this.#latest);
  }

  /** An INFO of a package; false for one of the older kind, and where nobody is here to take it. */
  takes(transaction: ServerTransaction): boolean {
    const { request } = transaction;
    const name = request.headers.named('Info-Package');
    const { phase } = this.#ports.state();
    const isThere = phase === 'inviting' || phase === 'alerting' || phase === 'answering' || phase === 'talking';
    if (request.method !== 'INFO' || name === undefined || !isThere || !this.#ports.isWanted) return false;
    this.#ports.reply(transaction, ...this.#answerTo(name, request.header(H.ContentType), request.body));
    return true;
  }

  #answerTo(name: string, type: string | undefined, body: string): [number, HeaderLine[]?] {
    // RFC 6086 §4.2.2.
    if (nameIn(name) !== TRICKLE) return [469, [[H.RecvInfo, TRICKLE]]];
    if (nameIn(type ?? '') !== CANDIDATES) return [415, [[H.Accept, CANDIDATES]]];
    if (!readFragment(body, '').ok) return [400];
    if (++this.#heard <= MAX_HEARD) this.#ports.hear(body);
    return [200];
  }

  /** The phones that know both the dialog and the description that the candidates belong to. */
  #listening(): Leg[] {
    const at = this.#ports.state();
    const { legs } = this.#ports;
    // Each that rings and has described itself: a fork has several, and all were offered the same.
    if (at.phase === 'inviting') return at.confirming || at.update ? [] : [...legs.all].filter((leg) => leg.trickles);
    const leg = at.phase === 'talking' && this.#isKnown(at.session.exchange) ? legs.get(at.leg) : undefined;
    return leg?.takesCandidates ? [leg] : [];
  }

  /** Whether our last description has surely come to the other side; an INFO must not overtake it (RFC 8840 §4.3). */
  #isKnown(exchange: Exchange): boolean {
    switch (exchange.state) {
      case 'quiet':
      case 'starting':
      case 'applying':
      case 'waiting':
        return true;
      case 'unacknowledged':
        return exchange.first && this.#ports.isConfirmed();
      default:
        return false;
    }
  }

  #tell(leg: Leg, { fragment, isNews }: { readonly fragment: string; readonly isNews: boolean }): void {
    const told = this.#told.get(leg);
    const isOver = told !== undefined && (told.isUnderWay || told.fragment === fragment || told.tries >= MAX_TRIES);
    if (isOver || !(isNews || leg.waitsForWord)) return;
    const tries = told?.tries ?? 0;
    this.#told.set(leg, { fragment, isUnderWay: true, tries });
    const parts = {
      method: 'INFO',
      headers: [
        ['Info-Package', TRICKLE],
        [H.ContentDisposition, 'Info-Package'],
      ] as const,
      body: { type: CANDIDATES, content: fragment },
    };
    leg.send(parts, {
      response: ({ status }) => {
        if (status >= 200) this.#answered(leg, fragment, status, tries);
      },
      noResponse: () => this.#answered(leg, fragment, 408, tries),
    });
  }

  #answered(leg: Leg, fragment: string, status: number, tries: number): void {
    const isPassing = PASSING.includes(status);
    const isRefused = status >= 300 && !isPassing;
    this.#told.set(leg, { fragment, isUnderWay: false, tries: isRefused ? MAX_TRIES : isPassing ? tries + 1 : 0 });
    if (isPassing && tries + 1 < MAX_TRIES) this.#again(leg, fragment);
    else this.proceed();
  }

  /** Candidates are told together, so one that was lost comes with the next; the last has none. */
  #again(leg: Leg, fragment: string): void {
    this.#ports.clock.after(AGAIN_MS, () => {
      const told = this.#told.get(leg);
      if (told?.fragment === fragment && !told.isUnderWay) this.#told.set(leg, { ...told, fragment: '' });
      this.proceed();
    });
  }
}

const nameIn = (value: string): string | undefined => value.split(';')[0]?.trim().toLowerCase();
