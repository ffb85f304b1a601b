/** Why a way to another address failed, from what the transport and the log were told. */
import type { TraceNote } from '../../trace/entry.ts';
import type { Facts } from '../facts.ts';
import type { Finding } from '../reason.ts';
import { finalOf, type Leg, type Story, statusOf } from '../story.ts';
import { at, phoneOf, sentence } from '../words.ts';

/** Notes and messages are not written down in the same moment, in ms. */
const SLACK_MS = 100;

export interface Failure {
  readonly leg: Leg | undefined;
  /** Who could not be reached, for a sentence. */
  readonly whom: string;
  readonly place: string;
  /** As the system or OpenSSL said it. */
  readonly reason: string;
  readonly messages: readonly number[];
}

const endOf = ({ answers }: Story): number => (finalOf(answers)?.entry.at ?? Number.POSITIVE_INFINITY) + SLACK_MS;
export const isDuring = (story: Story, { at: when }: TraceNote): boolean =>
  when >= story.at - SLACK_MS && when <= endOf(story);

export const failed = (story: Story): boolean =>
  statusOf(story) >= 400 || (statusOf(story) === 0 && story.legs.length > 0);

/** The last way that was tried and failed, where it decided how the request ended. */
export function failureOf(story: Story, facts: Facts, pattern: RegExp): Failure | undefined {
  if (!failed(story) || story.legs.some((leg) => statusOf(leg) > 0)) return undefined;
  for (const note of [...facts.notes].reverse()) {
    const { hop, callId } = note.details;
    if (typeof hop !== 'string' || !isDuring(story, note)) continue;
    const leg = story.legs.find(({ request }) => plainPlace(request.entry.remote) === hop);
    if (leg === undefined && callId !== story.callId) continue;
    const reason = reasonsOf(note, facts).find((one) => pattern.test(one));
    if (reason === undefined) continue;
    const ids = [story.request, leg?.request].flatMap((read) => (read === undefined ? [] : [read.entry.id]));
    const whom = leg === undefined ? hop : phoneOf(leg, story, facts);
    return { leg, whom, place: hop, reason, messages: ids };
  }
  return undefined;
}

const plainPlace = ({ host, port }: Leg['request']['entry']['remote']): string => `${host}:${port}`;

/** Why a way failed: what broke the connection first, which the transport told the log, then what came of it. */
function reasonsOf({ at: when, details }: TraceNote, facts: Facts): string[] {
  const place = String(details.hop);
  const colon = place.lastIndexOf(':');
  const host = place.slice(0, colon);
  const shown = at({ host, port: Number(place.slice(colon + 1)) });
  const begin = `The connection with ${shown} was closed: `;
  const told = facts.notes.filter((one) => one.text.startsWith(begin) && Math.abs(one.at - when) <= SLACK_MS);
  const closed = told.map(({ text }) => text.slice(begin.length).replace(/\.$/, ''));
  return [...closed.reverse(), ...(typeof details.reason === 'string' ? [details.reason] : [])];
}

export const found = ({ place, reason, messages }: Failure, text: string, todo: string): Finding => ({
  text: sentence(text),
  todo,
  values: { place, reason },
  messages,
});

/** The reason alone, without whom it is about. */
export const reasonIn = (reason: string): string =>
  reason.replace(/^The (?:connection|datagram) to \S+ (?:failed|could not be sent): /, '');
