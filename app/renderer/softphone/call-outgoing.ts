/**
 * A call from here until it is answered (RFC 3261 §13.2, §8.1.3, §9.1): early sound, forks, redirection, and the race
 * between giving up and being answered.
 */
import { type Dialog, dialogAsCaller } from '../../../proxy-core/sip/dialog/dialog.ts';
import { noForks, takeFork } from '../../../proxy-core/sip/dialog/forks.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { parseAddresses } from '../../../proxy-core/sip/message/parse.ts';
import { sdpOf } from './call-body.ts';
import { replyToOther } from './call-requests.ts';
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
import { callFailure } from './status-words.ts';

/** How long the other side may ring. */
const NO_ANSWER = 180_000;
/** After CANCEL a final response may take 64 T1 (§9.1). */
const CANCEL_DONE = 32_000;
const MAX_REDIRECTS = 5;

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
      return responded(at, event.invite, event.response, now);
    case 'no-response':
      return end(at, sentence(event.reason));
    case 'hang-up':
    case 'decline':
      return giveUp(at, undefined);
    case 'timer':
      return giveUp(at, `${at.who} did not answer.`);
    case 'media-lost':
      return giveUp(at, sentence(event.reason));
    case 'request':
      return stay(at, [replyToOther(event.transaction, 'early')]);
    // Early sound that cannot be played is no reason to stop ringing.
    case 'media-refused':
    case 'sdp-ready':
    case 'answer-applied':
    case 'answer':
    case 'cancelled':
    case 'ack':
    case 'no-ack':
      return stay(at);
    default:
      return never(event);
  }
}

/** Given up, or ended otherwise: a 2xx that comes still must be acknowledged and the dialog ended (§13.2.2.4, §9.1). */
export function stepGone(at: In<'cancelling'> | In<'ended'>, event: CallEvent): CallStep {
  if (event.type === 'response' && event.response.status >= 200) {
    const effects = event.response.status < 300 ? ackAndBye(event.invite, event.response) : [];
    return at.phase === 'ended' ? stay(at, effects) : end(at, at.reason, effects);
  }
  if (event.type === 'request') {
    const { transaction } = event;
    return stay(at, [{ do: 'reply', transaction, status: transaction.request.method === 'BYE' ? 200 : 481 }]);
  }
  const over = event.type === 'timer' || event.type === 'no-response';
  return over && at.phase === 'cancelling' ? end(at, at.reason) : stay(at);
}

function responded(at: In<'inviting'>, request: SipRequest, response: SipResponse, now: number): CallStep {
  const { status } = response;
  if (status < 200) return ringing(at, request, response);
  if (status < 300) return answered(at, request, response, now);
  const queue = [...at.queue];
  if (status < 400) {
    for (const uri of contactsOf(response)) if (!at.tried.includes(uri) && !queue.includes(uri)) queue.push(uri);
  }
  const [next, ...rest] = queue;
  if (next !== undefined && status < 600 && at.tried.length <= MAX_REDIRECTS) {
    return invite(at, next, at.sdp, [...at.tried, next], rest);
  }
  return end(at, callFailure(status, at.who));
}

function ringing(at: In<'inviting'>, request: SipRequest, response: SipResponse): CallStep {
  if (response.status === 100) return stay(at);
  const tag = response.to.tag;
  const fork = tag === undefined ? undefined : takeFork(at.forks, request, response);
  const next = {
    ...at,
    ringing: at.ringing || response.status === 180 || response.status === 183,
    forks: fork?.ok === true ? fork.forks : at.forks,
  };
  const sdp = sdpOf(response);
  if (sdp === undefined || fork?.ok !== true || (at.early?.tag === tag && at.early?.sdp === sdp)) return stay(next);
  return stay({ ...next, early: { tag: tag ?? '', sdp } }, [{ do: 'apply-answer', purpose: 'early', sdp }]);
}

function answered(at: In<'inviting'>, request: SipRequest, response: SipResponse, now: number): CallStep {
  const fork = takeFork(at.forks, request, response);
  if (!fork.ok) return end(at, 'The answer of the other side could not be understood.');
  const { dialog } = fork;
  const ack: CallEffect = { do: 'ack', dialog, invite: request, response };
  // Many gateways put the description into the 183 only, although just a reliable one would count (RFC 3261 §13.2.1).
  const sdp = sdpOf(response) ?? (at.early?.tag === (response.to.tag ?? '') ? at.early.sdp : undefined);
  const facts = { ...factsOf(at), answeredAt: now };
  if (sdp === undefined) {
    return end(facts, 'The other side answered without saying how it sends sound.', [ack, { do: 'bye', dialog }]);
  }
  return {
    next: { ...facts, phase: 'talking', dialog, media: 'starting', awaits: undefined, change: undefined },
    effects: [ack, { do: 'no-timer' }, { do: 'apply-answer', purpose: 'invite', sdp }],
  };
}

const invite = (
  at: In<'offering'> | In<'inviting'>,
  uri: string,
  sdp: string,
  tried: readonly string[],
  queue: readonly string[],
): CallStep => ({
  next: {
    ...factsOf(at),
    phase: 'inviting',
    sdp,
    ringing: false,
    forks: noForks,
    early: undefined,
    tried,
    queue,
  },
  effects: [
    { do: 'invite', uri, to: tried[0] ?? uri, sdp },
    { do: 'timer', ms: NO_ANSWER },
  ],
});

const giveUp = (at: In<'inviting'>, reason: string | undefined): CallStep => ({
  next: { ...factsOf(at), phase: 'cancelling', reason },
  effects: [{ do: 'cancel' }, { do: 'close-media' }, { do: 'timer', ms: CANCEL_DONE }],
});

/** What is owed to a 2xx that nobody wants any more. */
export function ackAndBye(request: SipRequest, response: SipResponse): CallEffect[] {
  const made = dialogAsCaller(request, response);
  if (!made.ok) return [];
  const dialog: Dialog = made.dialog;
  return [
    { do: 'ack', dialog, invite: request, response },
    { do: 'bye', dialog },
  ];
}

/** The addresses of a 3xx, best first (§8.1.3.4); those that we cannot call are left out. */
function contactsOf(response: SipResponse): string[] {
  const addresses = parseAddresses(response, H.Contact);
  if (!addresses.ok) return [];
  const found: { readonly uri: string; readonly q: number }[] = [];
  for (const address of addresses.value.slice(0, 16)) {
    const { uri } = address;
    if (!uri.ok || uri.value.scheme !== 'sip') continue;
    const q = Number(address.param('q') ?? '1');
    const called = uri.value.withoutParam('method').with({ headers: '' }).toString();
    found.push({ uri: called, q: q >= 0 && q <= 1 ? q : 0 });
  }
  return found.sort((a, b) => b.q - a.q).map(({ uri }) => uri);
}
