import fc from 'fast-check';
import { expect, it } from 'vitest';
import { stepSession } from '../../../../../../app/renderer/softphone/call/negotiation.ts';
import { begun, type Negotiation, QUIET } from '../../../../../../app/renderer/softphone/call/session-state.ts';
import type { CallEffect, CallEvent } from '../../../../../../app/renderer/softphone/call/types.ts';
import { buildRequest, buildResponse } from '../../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../../../proxy-core/sip/message/message.ts';
import type { ServerTransaction } from '../../../../../../proxy-core/sip/transaction/user.ts';
import { sdp } from '../phone-world.ts';

const request = (method: string, content?: string): SipRequest =>
  buildRequest({
    method,
    uri: 'sip:a@x',
    via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1',
    from: '<sip:b@x>;tag=b',
    to: '<sip:a@x>;tag=a',
    callId: 'c',
    cseq: 1,
    body: content === undefined ? undefined : { type: 'application/sdp', content },
  });
const response = (invite: SipRequest, status: number, content?: string) =>
  buildResponse(invite, status, { body: content === undefined ? undefined : { type: 'application/sdp', content } });

/** What may happen next, besides what is under way. */
type Move =
  | { readonly do: 'hold'; readonly on: boolean }
  | { readonly do: 'refresh' }
  | { readonly do: 'peer'; readonly method: 'INVITE' | 'UPDATE'; readonly body: string | undefined }
  /** Something that is under way comes to its end, well or not. */
  | { readonly do: 'progress'; readonly pick: number; readonly well: boolean };

const moves: fc.Arbitrary<Move> = fc.oneof(
  fc.record({ do: fc.constant('hold' as const), on: fc.boolean() }),
  fc.constant({ do: 'refresh' as const }),
  fc.record({
    do: fc.constant('peer' as const),
    method: fc.constantFrom('INVITE' as const, 'UPDATE' as const),
    body: fc.constantFrom(undefined, sdp('x'), sdp('x', 'sendonly'), 'broken'),
  }),
  fc.record({ do: fc.constant('progress' as const), pick: fc.nat(8), well: fc.boolean() }),
);

/** A session whose media, timers and peer are played by a list of what is pending. */
class Play {
  session: Negotiation = begun(QUIET, true);
  readonly replied = new Map<ServerTransaction, number>();
  pending: ((well: boolean) => CallEvent)[] = [];
  over = false;
  #offers = 0;
  readonly #late: boolean;

  constructor(late: boolean) {
    this.#late = late;
  }

  /** Our re-INVITEs that are out. */
  get out(): number {
    return this.#offers;
  }

  event(event: CallEvent): void {
    if (this.over) return;
    const step = stepSession(this.session, event, 'b', this.#late);
    this.session = step.session;
    for (const effect of step.effects) this.#perform(effect);
    if (step.over !== undefined) this.over = true;
  }

  progress(pick: number, well: boolean): void {
    const [next] = this.pending.splice(pick % Math.max(this.pending.length, 1), 1);
    if (next !== undefined) this.event(next(well));
  }

  #perform(effect: CallEffect): void {
    switch (effect.do) {
      case 'make-offer':
      case 'accept-offer':
        this.pending.push((well) =>
          well
            ? { type: 'sdp-ready', purpose: effect.purpose, sdp: sdp('ours') }
            : { type: 'media-refused', purpose: effect.purpose, status: 488, reason: 'no' },
        );
        return;
      case 'apply-answer':
        this.pending.push(() => ({ type: 'answer-applied', purpose: effect.purpose }));
        return;
      case 'reinvite': {
        this.#offers++;
        expect(this.#offers).toBe(1);
        const invite = request('INVITE', effect.sdp);
        this.pending.push((well) => {
          this.#offers--;
          return { type: 'change-response', leg: 'b', invite, response: response(invite, well ? 200 : 491, sdp('y')) };
        });
        return;
      }
      case 'back-off':
        this.pending.push(() => ({ type: 'timer', name: 'glare' }));
        return;
      case 'reply': {
        const { transaction, status } = effect;
        expect(this.replied.get(transaction) ?? 0).toBeLessThan(200);
        this.replied.set(transaction, status);
        if (status >= 300 || transaction.request.method !== 'INVITE') return;
        const late = transaction.request.body === '';
        this.pending.push((well) =>
          well ? { type: 'ack', request: request('ACK', late ? sdp('z') : undefined) } : { type: 'no-ack' },
        );
        return;
      }
      default:
        return;
    }
  }
}

it('whatever happens in whatever order, one change is out at a time, everyone is answered, and the last press holds', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(moves, { maxLength: 40 }), (late, list) => {
      const play = new Play(late);
      const asked: ServerTransaction[] = [];
      let wanted = false;
      for (const move of list) {
        if (move.do === 'hold') {
          wanted = move.on;
          play.event({ type: 'hold', on: move.on });
        } else if (move.do === 'refresh') play.event({ type: 'refresh' });
        else if (move.do === 'progress') play.progress(move.pick, move.well);
        else {
          const transaction = { request: request(move.method, move.body) } as ServerTransaction;
          asked.push(transaction);
          play.event({ type: 'request', transaction });
        }
      }
      for (let left = 200; left > 0 && play.pending.length > 0; left--) play.progress(0, true);
      expect([play.pending.length, play.over]).toEqual([0, false]);
      expect(play.session).toMatchObject({ exchange: { state: 'quiet' }, hold: wanted, told: wanted, refresh: false });
      for (const transaction of asked) expect(play.replied.get(transaction)).toBeGreaterThanOrEqual(200);
    }),
    { numRuns: 2_000 },
  );
});
