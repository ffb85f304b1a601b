/** What subscriptions, publications and messages need of their account, and requests of it outside any dialog. */
import type { Draft } from '../../../../proxy-core/sip/dialog/dialog.ts';
import { type Body, buildRequest, type HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { Clock, RandomHex } from '../../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction } from '../../../../proxy-core/sip/transaction/user.ts';
import type { Way } from '../send-request.ts';

export interface EventsHost {
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly way: Way;
  /** Address of record of the account, a binary string. */
  readonly aor: string;
  /** From of what we send, without tag. */
  readonly from: () => string;
  readonly routes: () => readonly string[];
  readonly contact: () => string;
  readonly userAgent: HeaderLine;
  readonly respond: (transaction: ServerTransaction, status: number, headers?: readonly HeaderLine[]) => void;
  readonly changed: () => void;
  /** Calls `send` with how this address is reached, as soon as that is known. */
  readonly towards: (uri: string, send: (by: Sender) => void) => void;
}

/** Who speaks, and by which connection. */
export type Sender = Pick<EventsHost, 'way' | 'from' | 'aor'>;

/** A number between 0 and 1. */
export const chanceOf = (random: RandomHex): number => Number.parseInt(random(2), 16) / 0xffff;

export interface OutsideParts {
  readonly method: string;
  readonly uri: string;
  readonly callId: string;
  readonly localTag: string;
  readonly cseq: number;
  readonly headers: readonly HeaderLine[];
  readonly body?: Body | undefined;
}

/** A request outside any dialog; what it goes to stands in To as well. */
export function outsideRequest(host: EventsHost, parts: OutsideParts): Draft {
  const { localTag, headers, ...rest } = parts;
  return (via) =>
    buildRequest({
      ...rest,
      via,
      from: `${host.from()};tag=${localTag}`,
      to: `<${parts.uri}>`,
      routes: host.routes(),
      headers: [...headers, host.userAgent],
    });
}
