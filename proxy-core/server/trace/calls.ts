/** What was kept, a line for each Call-ID: to find the call that somebody complains of. */
import type { ReadMessage } from './reading.ts';
import { aorText, endpointText } from './summary.ts';

export interface TracedCall {
  readonly callId: string;
  /** Of its first request; empty where only answers were kept. */
  readonly method: string;
  readonly from: string;
  readonly to: string;
  /** ms since 1970, of the first and the last message that were kept. */
  readonly startedAt: number;
  readonly lastAt: number;
  readonly messages: number;
  readonly repeated: number;
  /** The last final answer to its first kind of request; absent while there is none. */
  readonly status?: number;
  readonly reason?: string;
  /** Every remote address, in the order of their first message. */
  readonly addresses: readonly string[];
}

interface Open extends Omit<TracedCall, 'addresses' | 'status' | 'reason'> {
  method: string;
  from: string;
  to: string;
  lastAt: number;
  messages: number;
  repeated: number;
  status?: number;
  reason?: string;
  readonly addresses: Set<string>;
}

const MOST_CALLS = 20_000;
const MOST_ADDRESSES = 64;

export class CallList {
  readonly #calls = new Map<string, Open>();

  /** Messages are to be added in their order. */
  add(read: ReadMessage): void {
    const { entry, message, callId, repeats } = read;
    const call = this.#calls.get(callId) ?? this.#begin(callId, entry.at);
    call.lastAt = entry.at;
    call.messages++;
    if (repeats !== undefined) call.repeated++;
    if (call.addresses.size < MOST_ADDRESSES) call.addresses.add(endpointText(entry.remote));
    if (message === undefined) return;
    if (message.kind === 'request') {
      if (call.method !== '') return;
      call.method = message.method;
      call.from = aorText(message.from);
      call.to = aorText(message.to);
    } else if (message.status >= 200 && (call.method === '' || message.cseqMethod === call.method)) {
      // What the exchange said counts more than what one of several phones said to it.
      if (entry.direction === 'in' && call.status !== undefined) return;
      call.status = message.status;
      call.reason = message.reason.slice(0, 100);
    }
  }

  /** In the order of their last message, the newest first. */
  newest(limit: number): TracedCall[] {
    const all = [...this.#calls.values()].sort((a, b) => b.lastAt - a.lastAt);
    return all.slice(0, limit).map((call) => ({ ...call, addresses: [...call.addresses] }));
  }

  #begin(callId: string, at: number): Open {
    if (this.#calls.size >= MOST_CALLS) {
      for (const oldest of this.#calls.keys()) {
        this.#calls.delete(oldest);
        break;
      }
    }
    const begun = { method: '', from: '', to: '', messages: 0, repeated: 0, addresses: new Set<string>() };
    const call: Open = { callId, startedAt: at, lastAt: at, ...begun };
    this.#calls.set(callId, call);
    return call;
  }
}
