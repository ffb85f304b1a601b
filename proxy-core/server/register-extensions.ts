/** The extensions that our registrar knows, those that it may demand, and what its answers say of them. */
import type { HeaderLine } from '../sip/message/build.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { H } from '../sip/message/names.ts';
import { optionTags } from '../sip/message/parse.ts';
import type { Source } from '../sip/transport/port.ts';
import type { Registration } from './registration.ts';
import type { Settings } from './settings.ts';
import { type Answer, answer } from './step.ts';

/** RFC 3327, RFC 5626, RFC 5627. */
export const REGISTER_EXTENSIONS: readonly string[] = ['path', 'outbound', 'gruu'];

/** 420 for what is required of us and unknown, 421 for what we require and the phone does not know (RFC 3261 §21.4.15, 16). */
export function refusedExtension(request: SipRequest, { requiredExtensions }: Settings): Answer | undefined {
  if (request.headers.find(H.Require) >= 0) {
    const unknown = optionTags(request, H.Require).filter((tag) => !REGISTER_EXTENSIONS.includes(tag));
    if (unknown.length > 0) return answer(420, undefined, [[H.Unsupported, unknown.join(', ')]]);
  }
  if (requiredExtensions.length === 0) return undefined;
  const known = [...optionTags(request, H.Supported), ...optionTags(request, H.Require)];
  const missing = requiredExtensions.filter((tag) => !known.includes(tag));
  return missing.length === 0 ? undefined : answer(421, undefined, [[H.Require, missing.join(', ')]]);
}

/** What a 200 says of Path (RFC 3327 §5.3), Outbound (RFC 5626 §6) and Service-Route (RFC 3608 §6.3). */
export function extensionHeaders(registration: Registration, source: Source, settings: Settings): HeaderLine[] {
  const headers: HeaderLine[] = [];
  for (const path of registration.path) headers.push([H.Path, path]);
  const { contacts, knowsOutbound, isDirect } = registration;
  if (knowsOutbound && contacts !== 'all' && contacts.some(({ regId }) => regId > 0)) {
    headers.push([H.Require, 'outbound']);
    const seconds = source.transport === 'UDP' ? settings.datagramFlowTimer : settings.connectionFlowTimer;
    if (isDirect) headers.push([H.FlowTimer, String(seconds)]);
  }
  for (const route of settings.serviceRoutes) headers.push([H.ServiceRoute, route]);
  return headers;
}
