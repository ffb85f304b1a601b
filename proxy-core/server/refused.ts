/** Tells the guard of what was refused: a stranger is held to account, and people who run the office may read of it. */
import { toText } from '../sip/grammar/text.ts';
import type { SipUri } from '../sip/grammar/uri.ts';
import type { RefusalKind } from './guard/refusals.ts';
import type { RequestContext } from './request-context.ts';
import type { Answer } from './step.ts';
import { aorOf } from './stores.ts';

/** What a stranger may ask for once by mistake, and a scanner asks for all day. */
const REFUSALS: ReadonlySet<number> = new Set([400, 403, 404, 416, 420]);

export function tellRefusal(context: RequestContext, { status, reason, isAccused = false }: Answer): void {
  if (isAccused || !REFUSALS.has(status)) return;
  const { exchange, source, user } = context;
  if (user === undefined) exchange.guard.accuse(source.host, 'refused', claimedIn(context), kindOf(status, reason));
  else if (reason === TOO_MANY_DEVICES) {
    exchange.guard.refusals.add(source.host, 'phones', aorOf(user.number, user.domain));
  }
}

/** Whom a request says to come from, for people; empty where that cannot be read. */
function claimedIn({ request }: RequestContext): string {
  const { uri } = request.method === 'REGISTER' ? request.to : request.from;
  return uri.ok ? nameIn(uri.value) : '';
}

/** As `1002@office.example`. */
export const nameIn = ({ userDecoded, host }: SipUri): string =>
  toText(userDecoded === '' ? host : `${userDecoded}@${host}`);

/** Reasons that say more than their status. */
export const TOO_MANY_DEVICES = 'Too Many Registered Devices';
export const RELAYING_DENIED = 'Relaying Denied';
export const NOT_YOUR_NAME = 'Not Your Name';
export const NOT_YOUR_ADDRESS = 'Not Your Address';

function kindOf(status: number, reason: string | undefined): RefusalKind {
  if (status === 404) return 'missing';
  if (reason === RELAYING_DENIED) return 'relay';
  return reason === NOT_YOUR_NAME || reason === NOT_YOUR_ADDRESS ? 'name' : 'request';
}
