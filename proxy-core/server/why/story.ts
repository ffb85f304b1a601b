/**
 * A request that came, what the exchange sent on because of it, and all answers: messages put together again by their
 * branches (RFC 3261 §17.1.3, §17.2.3), as the transaction layer had them when they passed.
 */
import type { SipRequest, SipResponse } from '../../sip/message/message.ts';
import { nextVia } from '../../sip/message/parse.ts';
import type { Via } from '../../sip/message/via.ts';
import type { ReadMessage } from '../trace/reading.ts';

export interface ReadRequest extends ReadMessage {
  readonly message: SipRequest;
}
export interface ReadResponse extends ReadMessage {
  readonly message: SipResponse;
}

/** A request that the exchange sent: to one address of one target. */
export interface Leg {
  readonly request: ReadRequest;
  /** How often it was sent again because nothing came back. */
  repeats: number;
  readonly answers: ReadResponse[];
  isCancelled: boolean;
}

export interface Story {
  readonly callId: string;
  /** Of what came: a request, also one that could not be read. Undefined where the exchange began by itself. */
  readonly request: ReadRequest | undefined;
  /** What came and could not be read, or was not let in. */
  readonly spoilt: ReadMessage | undefined;
  readonly method: string;
  /** ms since 1970. */
  readonly at: number;
  /** How often it came again. */
  repeats: number;
  /** What the exchange answered, repetitions left out. */
  readonly answers: ReadResponse[];
  /** How often the final answer had to be sent again. */
  answerRepeats: number;
  readonly legs: Leg[];
  cancel: ReadRequest | undefined;
  ack: ReadRequest | undefined;
}

const isRequest = (read: ReadMessage): read is ReadRequest => read.message?.kind === 'request';
const isResponse = (read: ReadMessage): read is ReadResponse => read.message?.kind === 'response';

/** The answer that ended it; undefined while there is none. */
export const finalOf = (answers: readonly ReadResponse[]): ReadResponse | undefined =>
  answers.find(({ message }) => message.status >= 200);

/** The status of the answer that ended it; 0 while there is none. */
export const statusOf = ({ answers }: { answers: readonly ReadResponse[] }): number =>
  finalOf(answers)?.message.status ?? 0;

/** The leg whose final answer is what went back; undefined where the exchange answered in its own words. */
export function decidingLeg({ legs, answers }: Story): Leg | undefined {
  const status = statusOf({ answers });
  return legs.find((leg) => statusOf(leg) === status);
}

/** @param messages in their order. */
export function storiesOf(messages: readonly ReadMessage[]): Story[] {
  const builder = new StoryBuilder();
  for (const read of messages) builder.add(read);
  return builder.stories;
}

const keyOf = ({ branch, sentBy }: Via, method: string): string => `${branch} ${sentBy.toLowerCase()} ${method}`;

class StoryBuilder {
  readonly stories: Story[] = [];
  readonly #byRequest = new Map<string, Story>();
  readonly #byBranch = new Map<string, { readonly story: Story; readonly leg: Leg }>();

  add(read: ReadMessage): void {
    const isIn = read.entry.direction === 'in';
    if (isIn && (read.fault !== undefined || read.entry.isRefused)) this.#spoilt(read);
    else if (isRequest(read)) {
      if (isIn) this.#came(read);
      else this.#sent(read);
    } else if (isResponse(read)) {
      if (isIn) this.#answered(read);
      else this.#told(read);
    }
  }

  #begin(read: ReadMessage, request: ReadRequest | undefined, spoilt?: ReadMessage): Story {
    const { callId, entry } = read;
    const method = request?.message.method ?? /^\S*/.exec(entry.wire)?.[0] ?? '';
    const counts = { repeats: 0, answerRepeats: 0 };
    const empty = { answers: [], legs: [], cancel: undefined, ack: undefined };
    const story: Story = { callId, request, spoilt, method: method.slice(0, 32), at: entry.at, ...counts, ...empty };
    this.stories.push(story);
    return story;
  }

  #spoilt(read: ReadMessage): void {
    const last = this.stories.find((story) => read.repeats !== undefined && story.spoilt?.entry.id === read.repeats);
    if (last === undefined) this.#begin(read, undefined, read);
    else last.repeats++;
  }

  #came(read: ReadRequest): void {
    const { message, callId } = read;
    if (message.method === 'ACK' || message.method === 'CANCEL') {
      const invite = this.#newest(
        ({ request }) =>
          request?.message.method === 'INVITE' && request.callId === callId && request.message.cseq === message.cseq,
      );
      if (invite !== undefined) {
        if (message.method === 'ACK') invite.ack ??= read;
        else invite.cancel ??= read;
        if (message.method === 'ACK') return;
      }
    }
    const key = keyOf(message.via, message.method);
    const known = this.#byRequest.get(key);
    if (known !== undefined) known.repeats++;
    else this.#byRequest.set(key, this.#begin(read, read));
  }

  #told(read: ReadResponse): void {
    const { message, entry } = read;
    const story =
      this.#byRequest.get(keyOf(message.via, message.cseqMethod)) ??
      // What could not be read has no branch that is known.
      this.#newest(
        ({ spoilt, answers }) =>
          spoilt?.callId === read.callId && spoilt.entry.remote.host === entry.remote.host && answers.length === 0,
      );
    if (story === undefined) return;
    if (read.repeats === undefined) story.answers.push(read);
    else if (message.status >= 200) story.answerRepeats++;
  }

  #sent(read: ReadRequest): void {
    const { message } = read;
    const branch = `${message.via.branch} ${message.method}`;
    const known = this.#byBranch.get(branch);
    if (known !== undefined) {
      known.leg.repeats++;
      return;
    }
    if (message.method === 'ACK') return;
    if (message.method === 'CANCEL') {
      const cancelled = this.#byBranch.get(`${message.via.branch} INVITE`);
      if (cancelled !== undefined) cancelled.leg.isCancelled = true;
      return;
    }
    const before = nextVia(message);
    const from = before?.ok === true ? this.#byRequest.get(keyOf(before.value, message.method)) : undefined;
    const story = from ?? this.#begin(read, undefined);
    const leg: Leg = { request: read, repeats: 0, answers: [], isCancelled: false };
    story.legs.push(leg);
    this.#byBranch.set(branch, { story, leg });
  }

  #answered(read: ReadResponse): void {
    const { message } = read;
    const known = this.#byBranch.get(`${message.via.branch} ${message.cseqMethod}`);
    if (known !== undefined && read.repeats === undefined) known.leg.answers.push(read);
  }

  #newest(fits: (story: Story) => boolean): Story | undefined {
    for (let i = this.stories.length - 1; i >= 0; i--) {
      const story = this.stories[i];
      if (story !== undefined && fits(story)) return story;
    }
    return undefined;
  }
}
