/**
 * Changes of an answered call's sound, by either side and one at a time: hold and resume, later offers, offers left to
 * the other side, and both beginning at once (RFC 3261 §14, RFC 3264 §8, RFC 3311, RFC 6337). What the person wants is
 * kept beside what the peer was told, so that any order of presses and answers ends in the right place.
 */
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import { checkOffer, readBody, sdpOf } from './body.ts';
import { acceptSdp, warning } from './features.ts';
import { type Exchange, type Negotiation, QUIET } from './session-state.ts';
import { type CallEffect, type CallEvent, sentence } from './types.ts';

export interface SessionStep {
  readonly session: Negotiation;
  readonly effects: readonly CallEffect[];
  /** The call cannot go on. */
  readonly over?: { readonly reason: string; readonly bye: boolean };
}

/** How often a peer may put a change of ours off, and how often it may fail at one. */
const MAX_TRIES = 6;
const MAX_FAULTS = 2;
const GONE = 'The other side no longer knew this call.';

const step = (session: Negotiation, effects: readonly CallEffect[] = []): SessionStep => ({ session, effects });

/** `leg` names the dialog; `late`: offers are left to the peer. */
export function stepSession(at: Negotiation, event: CallEvent, leg: string, late: boolean): SessionStep {
  const done = change(at, event, leg);
  return done.over === undefined ? settle(done, late) : done;
}

/** Begins the next exchange where one is due. */
function settle({ session, effects }: SessionStep, late: boolean): SessionStep {
  const { exchange, running, hold, told, refresh, restore } = session;
  const restart = restore === 'due';
  if (exchange.state !== 'quiet' || !running || (hold === told && !refresh && !restart)) return step(session, effects);
  const leave = late && !restart;
  const state = leave ? 'asked' : 'preparing';
  const first: CallEffect = leave
    ? { do: 'reinvite', sdp: undefined }
    : { do: 'make-offer', purpose: 'change', held: hold, ...(restart ? { restart } : {}) };
  const next = { ...session, refresh: false, restore: restart ? 'asked' : restore } as const;
  return step({ ...next, exchange: { state, held: hold } }, [...effects, first]);
}

function change(at: Negotiation, event: CallEvent, leg: string): SessionStep {
  switch (event.type) {
    case 'hold':
      if (at.hold === event.on) return step(at);
      return step({ ...at, hold: event.on }, [{ do: 'hold-sound', held: event.on }]);
    case 'refresh':
      return step({ ...at, refresh: true });
    case 'restore':
      return step(at.restore === 'asked' ? at : { ...at, restore: 'due' });
    case 'sdp-ready':
      return ready(at, event.sdp, leg);
    case 'answer-applied':
      return applied(at);
    case 'media-refused':
      return event.purpose === 'early' ? step(at) : refused(at, event.status, event.reason, leg);
    case 'change-response':
      return answered(at, event.invite, event.response, leg);
    case 'change-failed':
      return givenUp(at, `The other side did not answer to a change of the call. ${sentence(event.reason)}`);
    case 'request':
      return requested(at, event.transaction);
    case 'ack':
      return acknowledged(at, sdpOf(event.request));
    case 'no-ack':
      return unconfirmed(at);
    case 'timer':
      return step(event.name === 'glare' && at.exchange.state === 'waiting' ? { ...at, exchange: QUIET } : at);
    default:
      return step(at);
  }
}

function ready(at: Negotiation, sdp: string, leg: string): SessionStep {
  const { exchange } = at;
  switch (exchange.state) {
    case 'preparing':
      return step({ ...at, exchange: { state: 'offered', held: exchange.held } }, [{ do: 'reinvite', sdp }]);
    case 'replying': {
      const { invite, response, held, offer } = exchange;
      return step({ ...at, exchange: QUIET, running: true, told: held, heldByPeer: holds(offer, at), tries: 0 }, [
        { do: 'ack', leg, invite, response, sdp },
      ]);
    }
    case 'answering': {
      const { transaction, offer, held } = exchange;
      const { request } = transaction;
      const next: Exchange =
        request.method === 'INVITE'
          ? { state: 'unacknowledged', held, first: false, answer: offer === undefined }
          : QUIET;
      return step({ ...at, exchange: next, told: held, heldByPeer: holds(offer, at) }, [
        { do: 'retarget', message: request },
        { do: 'reply', transaction, status: 200, sdp },
      ]);
    }
    default:
      return step(at);
  }
}

function applied(at: Negotiation): SessionStep {
  const { exchange } = at;
  if (exchange.state === 'starting') return step({ ...at, exchange: QUIET, running: true });
  if (exchange.state === 'applying') return restored({ ...at, exchange: QUIET, told: exchange.held, tries: 0 });
  return step(at);
}

function refused(at: Negotiation, status: number, reason: string, leg: string): SessionStep {
  const { exchange } = at;
  switch (exchange.state) {
    case 'preparing':
      return givenUp(at, sentence(reason));
    case 'answering':
      return step({ ...at, exchange: QUIET }, [
        { do: 'reply', transaction: exchange.transaction, status, headers: [warning(reason)] },
      ]);
    case 'replying': {
      const { invite, response } = exchange;
      const ack: CallEffect = { do: 'ack', leg, invite, response };
      if (at.running) return givenUp(at, sentence(reason), [ack]);
      return { session: at, effects: [ack], over: { reason: sentence(reason), bye: true } };
    }
    default:
      // An answer to a later offer that is no good changes nothing; without a first one there is no sound at all.
      if (at.running) return exchange.state === 'applying' ? givenUp(at, sentence(reason)) : step(at);
      return { session: at, effects: [], over: { reason: sentence(reason), bye: true } };
  }
}

/** The other side knows where our sound is. */
const restored = (at: Negotiation, effects: readonly CallEffect[] = []): SessionStep =>
  at.restore === 'asked' ? step({ ...at, restore: 'no' }, [...effects, { do: 'restored' }]) : step(at, effects);

/**
 * What was wanted is not tried again by itself; here it holds all the same.
 * @param alive the other side answered
 */
function givenUp(at: Negotiation, text: string, effects: readonly CallEffect[] = [], alive = false): SessionStep {
  const failed: CallEffect = at.restore === 'asked' ? { do: 'not-restored', alive } : { do: 'note', text };
  const next: Negotiation = { ...at, exchange: QUIET, told: at.hold, refresh: false, restore: 'no', tries: 0 };
  return step(next, [...effects, failed]);
}

function answered(at: Negotiation, invite: SipRequest, response: SipResponse, leg: string): SessionStep {
  const { exchange } = at;
  const { status } = response;
  if (status < 200) return step(at);
  const ack: CallEffect = { do: 'ack', leg, invite, response };
  if (exchange.state !== 'offered' && exchange.state !== 'asked') {
    // Sent again while our answer for its ACK is being made.
    return step(at, status < 300 && exchange.state !== 'replying' ? [ack] : []);
  }
  const { held } = exchange;
  if (status < 300) {
    const retarget: CallEffect = { do: 'retarget', message: response };
    const sdp = sdpOf(response);
    if (sdp === undefined) return restored({ ...at, exchange: QUIET, told: held, tries: 0 }, [retarget, ack]);
    if (exchange.state === 'asked') {
      return step({ ...at, exchange: { state: 'replying', held, offer: sdp, invite, response } }, [
        retarget,
        { do: 'accept-offer', purpose: 'change', sdp, held },
      ]);
    }
    return step({ ...at, exchange: { state: 'applying', held }, heldByPeer: holds(sdp, at) }, [
      retarget,
      ack,
      { do: 'apply-answer', purpose: 'change', sdp },
    ]);
  }
  if (status === 481) return { session: at, effects: [], over: { reason: GONE, bye: false } };
  // Some peers that are still at their last change call that an internal fault.
  const most = status === 491 || response.header(H.RetryAfter) !== undefined ? MAX_TRIES : MAX_FAULTS;
  if ((status === 491 || status === 500) && at.tries < most) {
    const again = at.restore === 'asked' ? ({ restore: 'due' } as const) : { refresh: true };
    return step({ ...at, exchange: { state: 'waiting' }, ...again, tries: at.tries + 1 }, [{ do: 'back-off' }]);
  }
  // A server on the way that nobody answered (§16.7), or that is out of order, does not speak for the other side.
  const alive = status !== 408 && status < 500;
  return givenUp(at, `The other side refused a change of the call (${status}).`, [], alive);
}

function requested(at: Negotiation, transaction: ServerTransaction): SessionStep {
  const { request } = transaction;
  const { exchange, hold } = at;
  const reply = (status: number, headers: readonly HeaderLine[] = []): SessionStep =>
    step(at, [{ do: 'reply', transaction, status, headers }]);
  const body = readBody(request);
  if (!body.ok) return reply(body.status, [acceptSdp]);
  if (body.sdp === undefined && request.method === 'UPDATE') {
    return step(at, [
      { do: 'retarget', message: request },
      { do: 'reply', transaction, status: 200 },
    ]);
  }
  // One change at a time: theirs must wait for their own earlier one, or for an offer of ours (§14.2).
  if (exchange.state === 'answering') return reply(500, [[H.RetryAfter, '2']]);
  const pending = exchange.state === 'unacknowledged' ? exchange.first || exchange.answer : true;
  if (exchange.state !== 'quiet' && exchange.state !== 'waiting' && pending) return reply(491);
  if (body.sdp === undefined) {
    return step({ ...at, exchange: { state: 'answering', held: hold, transaction, offer: undefined } }, [
      { do: 'make-offer', purpose: 'change', held: hold },
    ]);
  }
  const offer = checkOffer(body.sdp);
  if (!offer.ok) return reply(offer.status, [warning(offer.reason)]);
  return step({ ...at, exchange: { state: 'answering', held: hold, transaction, offer: body.sdp } }, [
    { do: 'accept-offer', purpose: 'change', sdp: body.sdp, held: hold },
  ]);
}

function acknowledged(at: Negotiation, sdp: string | undefined): SessionStep {
  const { exchange } = at;
  const stop: CallEffect = { do: 'acknowledged' };
  if (exchange.state !== 'unacknowledged') return step(at, exchange.state === 'answering' ? [stop] : []);
  const { answer, first, held } = exchange;
  if (!answer) return step({ ...at, exchange: QUIET, told: held }, [stop]);
  if (sdp !== undefined) {
    const next: Exchange = first ? { state: 'starting' } : { state: 'applying', held };
    return step({ ...at, exchange: next, heldByPeer: holds(sdp, at) }, [
      stop,
      { do: 'apply-answer', purpose: 'change', sdp },
    ]);
  }
  // An offer in our 2xx must be answered in the ACK (§13.2.2.4); a call that runs already goes on as it was.
  if (!first) return step({ ...at, exchange: QUIET }, [stop]);
  return { session: at, effects: [stop], over: { reason: 'The caller did not say how it sends sound.', bye: true } };
}

function unconfirmed(at: Negotiation): SessionStep {
  if (at.exchange.state !== 'unacknowledged') return step(at);
  if (!at.exchange.first) return step({ ...at, exchange: QUIET });
  return { session: at, effects: [], over: { reason: 'The caller did not confirm the call.', bye: true } };
}

/** Whether the writer of a description does not want to hear us; one that says nothing leaves it as it was. */
function holds(sdp: string | undefined, at: Negotiation): boolean {
  const checked = sdp === undefined ? undefined : checkOffer(sdp);
  return checked?.ok === true ? checked.held : at.heldByPeer;
}
