/** Which transaction a message belongs to (RFC 3261 §17.1.3, §17.2.3, §9.2). */
import type { SipRequest } from '../message/message.ts';
import { inOnePiece } from '../message/one-piece.ts';
import { MAGIC_COOKIE } from '../message/via.ts';

export const clientKey = (branch: string, method: string): string => inOnePiece(`${branch} ${method}`);

/**
 * The key of a server transaction. `method` is that of the request, but INVITE for an ACK and for finding what a CANCEL
 * cancels. The branch alone names the transaction where RFC 3261 made it; sent-by keeps two clients apart whose branches
 * happen to be the same.
 */
export function serverKey(request: SipRequest, method: string): string {
  const { via } = request;
  const { branch } = via;
  if (isOf3261(branch)) return inOnePiece(`${branch} ${via.host.toLowerCase()}:${via.port ?? ''} ${method}`);
  // RFC 2543: everything that a retransmission has in common. The tag of To is left out for INVITE: its ACK has one more.
  const toTag = method === 'INVITE' ? '' : (request.to.tag ?? '');
  return [request.uriText, request.from.tag ?? '', toTag, request.callId, request.cseq, via.toString(), method].join(
    '\n',
  );
}

/** A branch that is the cookie and nothing else says nothing (RFC 4475 §3.1.2.1 shows one). */
export const isOf3261 = (branch: string): boolean =>
  branch.length > MAGIC_COOKIE.length && branch.startsWith(MAGIC_COOKIE);
