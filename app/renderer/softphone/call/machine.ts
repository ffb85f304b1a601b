/** One call as a pure machine: given a state and what happened, the next state and what to do about it (RFC 3261 §13–§15). */
import type { CallState as ShownState } from '../snapshots.ts';
import { stepGone } from './gone.ts';
import { stepAlerting, stepAnswering } from './incoming.ts';
import { stepFinding, stepInviting, stepOffering, stepRedirected } from './outgoing.ts';
import { stepLeaving, stepTalking } from './talking.ts';
import { type CallEvent, type CallState, type CallStep, never } from './types.ts';

/** `now` in ms since 1970. */
export function stepCall(at: CallState, event: CallEvent, now: number): CallStep {
  switch (at.phase) {
    case 'finding':
      return stepFinding(at, event);
    case 'offering':
      return stepOffering(at, event);
    case 'inviting':
      return stepInviting(at, event, now);
    case 'redirected':
      return stepRedirected(at, event);
    case 'cancelling':
    case 'ended':
      return stepGone(at, event);
    case 'alerting':
      return stepAlerting(at, event);
    case 'answering':
      return stepAnswering(at, event, now);
    case 'talking':
      return stepTalking(at, event);
    case 'leaving':
      return stepLeaving(at, event);
    default:
      return never(at);
  }
}

/** As the window sees it. */
export function shownState(at: CallState): ShownState {
  switch (at.phase) {
    case 'finding':
    case 'offering':
    case 'redirected':
      return 'calling';
    case 'inviting':
      return at.ringing ? 'ringing' : 'calling';
    case 'alerting':
      return 'incoming';
    case 'answering':
      return 'connecting';
    case 'talking': {
      const { exchange, running } = at.session;
      return running && !(exchange.state === 'unacknowledged' && exchange.first) ? 'active' : 'connecting';
    }
    case 'cancelling':
    case 'leaving':
    case 'ended':
      return 'ended';
    default:
      return never(at);
  }
}

export const endReason = (at: CallState): string | undefined =>
  at.phase === 'ended' || at.phase === 'cancelling' || at.phase === 'leaving' ? at.reason : undefined;
