/**
 * Sends a request of an account and answers what servers ask on its way (RFC 3261 §22.2, §22.3): whoever sends sees the
 * final answer only, and a refused password as the 401 or 407 that it is.
 */
import type { Draft } from '../../../proxy-core/sip/dialog/dialog.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import type { TransactionLayer } from '../../../proxy-core/sip/transaction/layer.ts';
import type { ClientTransaction } from '../../../proxy-core/sip/transaction/user.ts';
import type { Hop } from '../../../proxy-core/sip/transport/port.ts';
import type { Asked, Credentials } from './credentials.ts';

export interface Way {
  readonly transactions: TransactionLayer;
  readonly credentials: Credentials;
  /** Undefined while the account has no connection. */
  readonly hop: () => Hop | undefined;
  /** Counts a request that waits for its final response; to be called once that is there. */
  readonly waits: () => () => void;
}

export interface Outgoing {
  readonly method: string;
  readonly body?: string | undefined;
  /** One attempt: `attempt` counts from 0 and raises CSeq; `auth` are headers to put in. */
  readonly build: (attempt: number, auth: readonly HeaderLine[]) => Draft;
}

export interface OutgoingListener {
  response(response: SipResponse, request: SipRequest): void;
  /** No final response; `reason` is one sentence. */
  noResponse(reason: string): void;
  /** A server asks for a password that is not known here; the 401 or 407 follows as response. */
  noPassword?(): void;
  /** A challenge came; it is answered without further doing. */
  challenged?(response: SipResponse): void;
  /** The CANCEL of an INVITE that rings could not be sent; to be said again, or forgotten. */
  cancelUnsaid?(): void;
}

export interface Sent {
  /** Cancels a pending INVITE, by the connection that there is now. */
  cancel(): void;
  /**
   * An INVITE that rings goes on by the connection that there is now, and is sent again by it; false where there is no
   * other one.
   * @param again also where it is the same
   */
  follow(again: boolean): boolean;
  /** Hears nothing more. */
  forget(): void;
  /** Cancels it for the last time and hears nothing more: it is over in time whether or not that reaches anybody. */
  abandon(): void;
}

const MAX_ATTEMPTS = 5;
const NO_CONNECTION = 'There is no connection to the server.';
const PLACEHOLDER_VIA = 'SIP/2.0/UDP placeholder.invalid;branch=z9hG4bK0';

export function sendRequest(way: Way, outgoing: Outgoing, listener: OutgoingListener): Sent {
  const answered = new Set<string>();
  let transaction: ClientTransaction | undefined;
  let forgotten = false;
  let cancelled = false;
  let attempt = 0;

  const { method, body } = outgoing;
  const done = way.waits();
  const noResponse = (reason: string): void => {
    done();
    if (!forgotten) listener.noResponse(reason);
  };
  const askedFor = (uri: string): Asked => ({ method, uri, body });

  const cancelUnsaid = listener.cancelUnsaid && ((): void => listener.cancelUnsaid?.());
  const send = (auth: readonly HeaderLine[]): void => {
    const hop = way.hop();
    if (hop === undefined) {
      queueMicrotask(() => noResponse(NO_CONNECTION));
      return;
    }
    transaction = way.transactions.request(outgoing.build(attempt, auth), hop, {
      response(response) {
        const { request } = transaction ?? {};
        if (forgotten || request === undefined) return;
        if (isChallenge(response) && attempt + 1 < MAX_ATTEMPTS && !cancelled) {
          listener.challenged?.(response);
          void authorize(request, response);
        } else {
          if (response.status >= 200) done();
          listener.response(response, request);
        }
      },
      timeout: () => noResponse('The server does not answer.'),
      failed: ({ reason }) => noResponse(reason),
      ...(cancelUnsaid && { cancelUnsaid }),
    });
  };

  async function authorize(request: SipRequest, response: SipResponse): Promise<void> {
    const authorized = await way.credentials.answer(response, askedFor(request.uriText), answered);
    if (authorized.ok && !cancelled && !forgotten) {
      attempt++;
      send(authorized.headers);
      return;
    }
    done();
    if (forgotten) return;
    if (!authorized.ok && authorized.why === 'no-password') listener.noPassword?.();
    listener.response(response, request);
  }

  const { uriText } = outgoing.build(0, [])(PLACEHOLDER_VIA);
  send(way.credentials.ahead(askedFor(uriText)));
  const cancel = (): void => {
    cancelled = true;
    const hop = way.hop();
    if (hop !== undefined) transaction?.moveTo(hop);
    transaction?.cancel();
  };
  const forget = (): void => {
    forgotten = true;
    transaction?.forget();
    done();
  };
  return {
    cancel,
    forget,
    abandon() {
      forget();
      cancel();
    },
    follow(again) {
      const hop = way.hop();
      if (transaction === undefined || hop === undefined || (transaction.hop.flow === hop.flow && !again)) return false;
      transaction.moveTo(hop, true);
      return true;
    },
  };
}

const isChallenge = ({ status }: SipResponse): boolean => status === 401 || status === 407;
