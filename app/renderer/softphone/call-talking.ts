/**
 * An answered call (RFC 3261 §14.2, §15; RFC 3311 §5.2; RFC 3264 §8): changes that the peer asks for, and the end. What
 * goes wrong with signalling never ends the sound.
 */
import { receiveInDialog, refreshTarget } from '../../../proxy-core/sip/dialog/dialog.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../proxy-core/sip/transaction/user.ts';
import { checkOffer, readBody, sdpOf } from './call-body.ts';
import { ackAndBye } from './call-outgoing.ts';
import { acceptSdp, replyToOther } from './call-requests.ts';
import {
  type CallEffect,
  type CallEvent,
  type CallStep,
  end,
  factsOf,
  type In,
  never,
  sentence,
  stay,
} from './call-types.ts';

export function stepTalking(at: In<'talking'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'hang-up':
    case 'decline':
      return leave(at, undefined);
    case 'media-lost':
      return leave(at, sentence(event.reason));
    case 'request':
      return requested(at, event.transaction);
    case 'ack':
      return acknowledged(at, sdpOf(event.request));
    case 'no-ack':
      if (at.awaits?.ackTo !== 'invite') return stay({ ...at, awaits: undefined });
      return end(at, 'The caller did not confirm the call.', [{ do: 'bye', dialog: at.dialog }]);
    case 'sdp-ready':
      return event.purpose === 'change' ? changed(at, event.sdp) : stay(at);
    case 'answer-applied':
      return stay({ ...at, media: event.purpose === 'early' ? at.media : 'running' });
    case 'media-refused':
      return refused(at, event.purpose, event.status, event.reason);
    case 'response':
      // Another phone of the same number answered too: the first one has the call (§13.2.2.4).
      return event.response.status >= 200 && event.response.status < 300
        ? stay(at, ackAndBye(event.invite, event.response))
        : stay(at);
    case 'no-response':
    case 'cancelled':
    case 'answer':
    case 'timer':
      return stay(at);
    default:
      return never(event);
  }
}

export function stepLeaving(at: In<'leaving'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'ack':
    case 'no-ack':
      return end(at, at.reason, [{ do: 'acknowledged' }, { do: 'bye', dialog: at.dialog }]);
    case 'request':
      if (event.transaction.request.method !== 'BYE') return stay(at, [replyToOther(event.transaction, 'confirmed')]);
      return end(at, at.reason, [{ do: 'acknowledged' }, { do: 'reply', transaction: event.transaction, status: 200 }]);
    default:
      return stay(at);
  }
}

function leave(at: In<'talking'>, reason: string | undefined): CallStep {
  const pending = refuseChange(at, 487);
  if (at.awaits?.ackTo === 'invite') {
    return {
      next: { ...factsOf(at), phase: 'leaving', dialog: at.dialog, reason },
      effects: [...pending, { do: 'close-media' }],
    };
  }
  return end(at, reason, [...pending, { do: 'acknowledged' }, { do: 'bye', dialog: at.dialog }]);
}

const refuseChange = (at: In<'talking'>, status: number, headers: readonly HeaderLine[] = []): CallEffect[] =>
  at.change === undefined ? [] : [{ do: 'reply', transaction: at.change.transaction, status, headers }];

function requested(at: In<'talking'>, transaction: ServerTransaction): CallStep {
  const { request } = transaction;
  const dialog = receiveInDialog(at.dialog, request);
  if (dialog === 'out-of-order') return stay(at, [{ do: 'reply', transaction, status: 500 }]);
  const next = { ...at, dialog };
  switch (request.method) {
    case 'BYE':
      return end(next, 'The other side hung up.', [
        { do: 'reply', transaction, status: 200 },
        ...refuseChange(at, 487),
        { do: 'acknowledged' },
      ]);
    case 'INVITE':
    case 'UPDATE':
      return change(next, transaction);
    default:
      return stay(next, [replyToOther(transaction, 'confirmed')]);
  }
}

function change(at: In<'talking'>, transaction: ServerTransaction): CallStep {
  const { request } = transaction;
  const reply = (status: number, headers: readonly HeaderLine[] = []): CallStep =>
    stay(at, [{ do: 'reply', transaction, status, headers }]);
  // One change at a time: theirs must wait for their own earlier one, or for an offer of ours (§14.2).
  if (at.change !== undefined) return reply(500, [[H.RetryAfter, '2']]);
  if (at.media === 'starting' || at.awaits?.ackTo === 'invite') return reply(491);
  const body = readBody(request);
  if (!body.ok) return reply(body.status, [acceptSdp]);
  if (body.sdp === undefined && request.method === 'UPDATE') {
    return { ...reply(200), next: { ...at, dialog: refreshTarget(at.dialog, request) } };
  }
  if (body.sdp === undefined) {
    return stay({ ...at, change: { transaction, offer: undefined } }, [{ do: 'make-offer', purpose: 'change' }]);
  }
  const offer = checkOffer(body.sdp);
  if (!offer.ok) return reply(offer.status, [warning(offer.reason)]);
  return stay({ ...at, change: { transaction, offer: body.sdp } }, [
    { do: 'accept-offer', purpose: 'change', sdp: body.sdp },
  ]);
}

function changed(at: In<'talking'>, sdp: string): CallStep {
  if (at.change === undefined) return stay(at);
  const { transaction, offer } = at.change;
  const { request } = transaction;
  const checked = offer === undefined ? undefined : checkOffer(offer);
  return stay(
    {
      ...at,
      dialog: refreshTarget(at.dialog, request),
      heldByPeer: checked?.ok === true ? checked.held : at.heldByPeer,
      awaits: request.method === 'INVITE' ? { ackTo: 'change', answer: offer === undefined } : at.awaits,
      change: undefined,
    },
    [{ do: 'reply', transaction, status: 200, sdp }],
  );
}

function acknowledged(at: In<'talking'>, sdp: string | undefined): CallStep {
  if (at.awaits === undefined) return stay(at);
  const { ackTo, answer } = at.awaits;
  const next = { ...at, awaits: undefined };
  if (!answer) return stay(next, [{ do: 'acknowledged' }]);
  if (sdp !== undefined) {
    const checked = checkOffer(sdp);
    return stay({ ...next, heldByPeer: checked.ok ? checked.held : at.heldByPeer }, [
      { do: 'acknowledged' },
      { do: 'apply-answer', purpose: ackTo, sdp },
    ]);
  }
  // An offer in our 2xx must be answered in the ACK (§13.2.2.4); a call that runs already goes on as it was.
  if (ackTo === 'change') return stay(next, [{ do: 'acknowledged' }]);
  return end(at, 'The caller did not say how it sends sound.', [
    { do: 'acknowledged' },
    { do: 'bye', dialog: at.dialog },
  ]);
}

function refused(at: In<'talking'>, purpose: string, status: number, reason: string): CallStep {
  if (purpose === 'early') return stay(at);
  if (at.change !== undefined) {
    return stay({ ...at, change: undefined }, refuseChange(at, status, [warning(reason)]));
  }
  // An answer to a later offer of ours that is no good changes nothing; without a first one there is no sound at all.
  return at.media === 'running' ? stay(at) : leave(at, sentence(reason));
}

/** Tells the peer's people what was wrong (§20.43). */
const warning = (reason: string): HeaderLine => [
  H.Warning,
  `399 tandem.invalid "${reason.replace(/[^\x20-\x7e]|["\\]/g, ' ')}"`,
];
