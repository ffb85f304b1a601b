/** What an INVITE tells of the call that it begins. */
import { toText } from '../../sip/grammar/text.ts';
import { type Aor, aorOf } from '../stores.ts';
import { receivedText } from '../targets.ts';
import type { CallRequest } from './call-request.ts';
import { detached } from './detached.ts';
import type { CallStart } from './live-call.ts';

/** Texts that callers choose are kept up to this length. */
const LONGEST_TEXT = 128;

/** Under which a call is found; no Call-ID has a line break. */
export const keyOf = (callId: string, callerTag: string): string => `${callId}\n${callerTag}`;

/** @param aor of the caller, where he is a user of ours. */
export function startOf(
  { request, source, user, device, uri, domain, exchange }: CallRequest,
  aor: Aor | undefined,
  id: number,
): CallStart {
  const { from } = request;
  const address = from.uri.ok ? from.uri.value : undefined;
  const dialled = domain === undefined ? undefined : exchange.users.find(uri.userDecoded, domain);
  const [callId = '', callerTag = '', number = '', host = '', name = '', called = '', at = '', place = ''] = detached([
    ...[request.callId, from.tag ?? ''],
    ...[plain(address?.userDecoded ?? from.uriText), plain(address?.host ?? ''), plain(from.display)],
    ...[plain(uri.userDecoded), plain(uri.host), receivedText(source, request.via)],
  ]);
  return {
    ...{ id, key: keyOf(callId, callerTag), callId, callerTag },
    caller: { aor, number, domain: user?.domain ?? host.toLowerCase(), name: name === '' ? (user?.name ?? '') : name },
    callerDevice: device,
    callerAddress: place,
    callee: {
      aor: dialled === undefined ? undefined : aorOf(dialled.number, dialled.domain),
      ...{ number: called, domain: domain ?? at.toLowerCase(), name: dialled?.name ?? '' },
    },
  };
}

const ORDINARY = /^[ -~]*$/;

/** Bytes of others as text of one line. */
function plain(bytes: string): string {
  if (bytes.length <= LONGEST_TEXT && ORDINARY.test(bytes)) return bytes;
  return toText(bytes.slice(0, LONGEST_TEXT)).replaceAll(/\p{Cc}/gu, ' ');
}
