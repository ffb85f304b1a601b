/**
 * A call from here until it is answered (RFC 3261 §13.2, §8.1.3, §9.1; RFC 3262 §4, RFC 3311 §5.1): early sound, forks,
 * offers left to the other side, redirection, and the race between giving up and being answered.
 */
import { H } from '../../../../proxy-core/sip/message/names.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import { checkOffer, sdpOf } from './body.ts';
import { replyToOther, warning } from './features.ts';
import { SAID_WITHIN_MS } from './giving-up.ts';
import { failureReason } from './reasons.ts';
import { nextTarget } from './redirect.ts';
import { begun, QUIET } from './session-state.ts';
import { type CallEffect, type CallEvent, type CallStep, end, factsOf, type In, sentence, stay } from './types.ts';

/** How long the other side may ring. */
const NO_ANSWER = 180_000;
const MAX_REDIRECTS = 5;

type Responded = Extract<CallEvent, { type: 'response' }>;

export const startOutgoing = (target: string, who: string, late: boolean): CallStep =>
  late
    ? invite({ who, late }, target, undefined, [target], [])
    : {
        next: { who, late, phase: 'offering', target },
        effects: [{ do: 'make-offer', purpose: 'invite', held: false }],
      };

export const startFinding = (target: string, who: string, late: boolean): CallStep => ({
  next: { who, late, phase: 'finding', target },
  effects: [],
});

export function stepFinding(at: In<'finding'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'way-found':
      return startOutgoing(at.target, at.who, at.late);
    case 'media-lost':
      return end(at, sentence(event.reason));
    case 'hang-up':
    case 'decline':
      return end(at, undefined);
    default:
      return stay(at);
  }
}

export function stepOffering(at: In<'offering'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'sdp-ready':
      return invite(at, at.target, event.sdp, [at.target], []);
    case 'media-refused':
    case 'media-lost':
      return end(at, sentence(event.reason));
    case 'hang-up':
    case 'decline':
      return end(at, undefined);
    default:
      return stay(at);
  }
}

export function stepInviting(at: In<'inviting'>, event: CallEvent, now: number): CallStep {
  switch (event.type) {
    case 'response':
      if (event.response.status < 200) return provisional(at, event);
      return event.response.status < 300 ? answered(at, event, now) : failed(at, event);
    case 'no-response':
      return end(at, sentence(event.reason));
    case 'hang-up':
    case 'decline':
      return giveUp(at, undefined);
    case 'timer':
      return giveUp(at, `${at.who} did not answer.`);
    case 'media-lost':
      return giveUp(at, sentence(event.reason));
    case 'sdp-ready':
      return described(at, event.sdp);
    case 'media-refused':
      if (event.purpose === 'confirm') return giveUp(at, sentence(event.reason));
      if (event.purpose === 'update' && at.update !== undefined) {
        const headers = [warning(event.reason)];
        return stay({ ...at, update: undefined }, [
          { do: 'reply', transaction: at.update, status: event.status, headers },
        ]);
      }
      // Early sound that cannot be played is no reason to stop ringing.
      return stay(at);
    case 'request':
      return requested(at, event.transaction);
    default:
      return stay(at);
  }
}

export function stepRedirected(at: In<'redirected'>, event: CallEvent): CallStep {
  switch (event.type) {
    case 'consent': {
      if (!event.yes) return end(at, `${at.who} has moved.`);
      const { tried, sdp } = at.from;
      return invite(at, at.to, sdp, [...tried, at.to], at.rest);
    }
    case 'hang-up':
    case 'decline':
      return end(at, undefined);
    case 'timer':
      return end(at, `${at.who} has moved.`);
    case 'media-lost':
      return end(at, sentence(event.reason));
    default:
      return stay(at);
  }
}

function provisional(at: In<'inviting'>, { response, leg, reliable }: Responded): CallStep {
  if (response.status === 100) return stay(at);
  const next = { ...at, ringing: at.ringing || response.status === 180 || response.status === 183 };
  if (leg === undefined) return stay(next);
  const sdp = sdpOf(response);
  // An offer left to the other side comes in its first reliable response and is answered in the PRACK (RFC 3262 §5).
  if (at.sdp === undefined) {
    if (!reliable) return stay(next);
    if (sdp === undefined || at.confirming !== undefined || at.offers.has(leg)) {
      return stay(next, [{ do: 'prack', leg, response }]);
    }
    return stay({ ...next, confirming: { leg, sdp, response } }, [
      { do: 'accept-offer', purpose: 'confirm', sdp, held: false },
    ]);
  }
  const prack: CallEffect[] = reliable ? [{ do: 'prack', leg, response }] : [];
  if (sdp === undefined || (at.early?.leg === leg && at.early.sdp === sdp)) return stay(next, prack);
  return stay({ ...next, early: { leg, sdp } }, [...prack, { do: 'apply-answer', purpose: 'early', sdp }]);
}

/** Our answer to an offer of a phone that still rings. */
function described(at: In<'inviting'>, sdp: string): CallStep {
  if (at.confirming !== undefined) {
    const { leg, sdp: offer, response } = at.confirming;
    const offers = new Map(at.offers).set(leg, offer);
    return stay({ ...at, confirming: undefined, offers, early: { leg, sdp: offer } }, [
      { do: 'prack', leg, response, sdp },
    ]);
  }
  if (at.update === undefined) return stay(at);
  return stay({ ...at, update: undefined }, [{ do: 'reply', transaction: at.update, status: 200, sdp }]);
}

function requested(at: In<'inviting'>, transaction: ServerTransaction): CallStep {
  const { request } = transaction;
  if (request.method !== 'UPDATE') return stay(at, [replyToOther(transaction, 'early')]);
  const sdp = sdpOf(request);
  const retarget: CallEffect = { do: 'retarget', message: request };
  if (sdp === undefined) return stay(at, [retarget, { do: 'reply', transaction, status: 200 }]);
  // Only the phone whose sound is played may change it, and only once its first description stands.
  const leg = request.from.tag ?? '';
  if (at.early?.leg !== leg || at.update !== undefined || at.confirming !== undefined) {
    return stay(at, [{ do: 'reply', transaction, status: 500, headers: [[H.RetryAfter, '3']] }]);
  }
  const offer = checkOffer(sdp);
  if (!offer.ok)
    return stay(at, [{ do: 'reply', transaction, status: offer.status, headers: [warning(offer.reason)] }]);
  return stay({ ...at, update: transaction, early: { leg, sdp } }, [
    retarget,
    { do: 'accept-offer', purpose: 'update', sdp, held: false },
  ]);
}

function answered(at: In<'inviting'>, event: Responded, now: number): CallStep {
  const { leg, invite: request, response } = event;
  if (leg === undefined) return end(at, 'The answer of the other side could not be understood.');
  const ack: CallEffect = { do: 'ack', leg, invite: request, response };
  const refuse: CallEffect[] = at.update ? [{ do: 'reply', transaction: at.update, status: 491 }] : [];
  const before: CallEffect[] = [...refuse, { do: 'no-timer', name: 'ring' }];
  const facts = { ...factsOf(at), answeredAt: now };
  const said = sdpOf(response);
  const talking = (session: ReturnType<typeof begun>, effects: readonly CallEffect[]): CallStep => ({
    next: { ...facts, phase: 'talking', leg, session },
    effects: [...before, ...effects],
  });
  if (at.sdp === undefined) {
    const offered = at.offers.get(leg);
    const offer = offered ?? said;
    if (offer !== undefined && offered === undefined) {
      return talking(begun({ state: 'replying', held: false, offer, invite: request, response }, false), [
        { do: 'accept-offer', purpose: 'invite', sdp: offer, held: false },
      ]);
    }
    // Answered already in a PRACK; the sound may meanwhile be that of another phone.
    if (offer !== undefined) {
      const back: CallEffect[] =
        at.early?.leg === leg ? [] : [{ do: 'accept-offer', purpose: 'invite', sdp: offer, held: false }];
      return talking(begun(QUIET, true), [ack, ...back]);
    }
  }
  // Many gateways put the description into the 183 only, although just a reliable one would count (§13.2.1).
  const sdp = said ?? (at.early?.leg === leg ? at.early.sdp : undefined);
  if (at.sdp === undefined || sdp === undefined) {
    return end(facts, 'The other side answered without saying how it sends sound.', [
      ...before,
      ack,
      { do: 'bye', leg },
    ]);
  }
  const checked = checkOffer(sdp);
  return talking(begun({ state: 'starting' }, false, checked.ok && checked.held), [
    ack,
    { do: 'apply-answer', purpose: 'invite', sdp },
  ]);
}

function failed(at: In<'inviting'>, { response, mayFollow }: Responded): CallStep {
  const { status } = response;
  const onward = status >= 600 || at.tried.length > MAX_REDIRECTS ? undefined : nextTarget(at, response, mayFollow);
  if (onward === undefined)
    return end(at, failureReason(status, response.list(H.Reason), at.who, response.list(H.Warning)));
  if (onward === 'refused') return end(at, `${at.who} has moved, and is not followed.`);
  const { to, rest, ask } = onward;
  if (!ask) return invite(at, to, at.sdp, [...at.tried, to], rest);
  const { sdp, tried } = at;
  return { next: { ...factsOf(at), phase: 'redirected', from: { sdp, tried }, to, rest }, effects: [] };
}

const invite = (
  at: In<'offering'> | In<'inviting'> | In<'redirected'> | { readonly who: string; readonly late: boolean },
  uri: string,
  sdp: string | undefined,
  tried: readonly string[],
  queue: readonly string[],
): CallStep => ({
  next: {
    ...factsOf(at),
    phase: 'inviting',
    sdp,
    ringing: false,
    early: undefined,
    offers: new Map(),
    confirming: undefined,
    update: undefined,
    tried,
    queue,
  },
  effects: [
    { do: 'invite', uri, to: tried[0] ?? uri, sdp },
    { do: 'timer', name: 'ring', ms: NO_ANSWER },
  ],
});

const giveUp = (at: In<'inviting'>, reason: string | undefined): CallStep => ({
  next: { ...factsOf(at), phase: 'cancelling', reason },
  effects: [
    ...(at.update ? ([{ do: 'reply', transaction: at.update, status: 487 }] as const) : []),
    { do: 'cancel' },
    { do: 'close-media' },
    { do: 'timer', name: 'ring', ms: SAID_WITHIN_MS },
  ],
});
