/**
 * A call as a ladder: who took part, from left to right, and an arrow for each message between them and the exchange.
 * Masked, and without bodies.
 */
import { H } from '../../sip/message/names.ts';
import type { ReadMessage } from './reading.ts';
import { type MessageSummary, summaryOf } from './summary.ts';

/** One column: an address that messages came from or went to, or the exchange itself. */
export interface LadderHop {
  /** `exchange`, or transport and address: `udp 192.0.2.7:5060`. */
  readonly id: string;
  /** The number of whose device it seems to be; empty where nothing tells. */
  readonly name: string;
  readonly userAgent: string;
}

export interface LadderArrow extends MessageSummary {
  /** Ids of hops. */
  readonly fromHop: string;
  readonly toHop: string;
  /** ms after the arrow before, and after the first. */
  readonly delay: number;
  readonly since: number;
}

export interface Ladder {
  readonly callIds: readonly string[];
  /** ms since 1970. */
  readonly startedAt: number;
  readonly hops: readonly LadderHop[];
  readonly arrows: readonly LadderArrow[];
}

const EXCHANGE = 'exchange';

/** `messages` in their order. */
export function ladderOf(messages: readonly ReadMessage[]): Ladder {
  const startedAt = messages[0]?.entry.at ?? 0;
  const hops = new Map<string, LadderHop>();
  const arrows: LadderArrow[] = [];
  let before = startedAt;
  for (const read of messages) {
    const summary = summaryOf(read);
    const other = hopIdOf(summary);
    hops.set(other, better(hops.get(other), hopOf(other, read)));
    // Whoever spoke first stands left of the exchange, all others right of it.
    if (hops.size === 1) hops.set(EXCHANGE, { id: EXCHANGE, name: 'Tandem', userAgent: '' });
    const [fromHop, toHop] = summary.direction === 'in' ? [other, EXCHANGE] : [EXCHANGE, other];
    const { at } = summary;
    arrows.push({ ...summary, fromHop, toHop, delay: micro(at - before), since: micro(at - startedAt) });
    before = at;
  }
  const callIds = [...new Set(messages.map(({ callId }) => callId).filter((id) => id !== ''))];
  return { callIds, startedAt, hops: [...hops.values()], arrows };
}

const hopIdOf = ({ transport, remote }: MessageSummary): string => `${transport.toLowerCase()} ${remote}`;
const micro = (ms: number): number => Math.round(ms * 1000) / 1000;

/** A request names its sender in From, and in To or the Request-URI whose device it goes to; a response the other way. */
function hopOf(id: string, { entry, message }: ReadMessage): LadderHop {
  if (message === undefined) return { id, name: '', userAgent: '' };
  const isItsOwn = entry.direction === 'in';
  const isFrom = (message.kind === 'request') === isItsOwn;
  const { uri } = isFrom ? message.from : message.to;
  const name = uri.ok && uri.value.isSip ? uri.value.userDecoded : '';
  const header = message.kind === 'request' ? H.UserAgent : (H.Server satisfies number);
  const agent = isItsOwn ? (message.header(H.UserAgent) ?? message.header(header) ?? '') : '';
  return { id, name: name.slice(0, 64), userAgent: agent.slice(0, 120) };
}

const better = (known: LadderHop | undefined, found: LadderHop): LadderHop =>
  known === undefined
    ? found
    : { id: known.id, name: known.name || found.name, userAgent: known.userAgent || found.userAgent };
