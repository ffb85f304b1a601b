/** What a registration makes of the bindings that there are: RFC 3261 §10.3 steps 6 to 8, RFC 5626 §6. No I/O. */
import { fail, ok, type Result } from '../sip/grammar/result.ts';
import { parseUri, sameUri } from '../sip/grammar/uri.ts';
import { H } from '../sip/message/names.ts';
import { TOO_MANY_DEVICES } from './refused.ts';
import type { AskedContact, Registration } from './registration.ts';
import type { Settings } from './settings.ts';
import { type Answer, answer } from './step.ts';
import type { Aor, Binding } from './stores.ts';

export interface RegistrationChange {
  readonly aor: Aor;
  /** Bindings not expired now. */
  readonly known: readonly Binding[];
  readonly registration: Registration;
  /** Label of the device that sent it; empty for the user's own password. */
  readonly device: string;
  readonly now: number;
  readonly settings: Settings;
}

/** Either all of it happens or nothing (step 7). A query gives `known` itself back. */
export function applyRegistration(change: RegistrationChange): Result<readonly Binding[], Answer> {
  const { known, registration, settings } = change;
  const { contacts } = registration;
  if (contacts === 'all') {
    return known.some((binding) => isOutOfOrder(binding, registration)) ? fail(OUT_OF_ORDER) : ok([]);
  }
  if (contacts.length === 0) return ok(known);
  // One request may replace all that there are and no more; each contact is compared with every binding.
  if (contacts.length > settings.contactsPerUser + known.length) return fail(TOO_MANY);
  let bindings = known;
  for (const contact of contacts) {
    const expires = Math.min(contact.expires ?? settings.defaultExpires, settings.maxExpires);
    if (expires > 0 && expires < settings.minExpires) {
      return fail(answer(423, undefined, [[H.MinExpires, String(settings.minExpires)]]));
    }
    const replaced = bindings.filter((binding) => isReplaced(binding, contact, registration));
    // Several contacts of one request may name one binding; what this request itself wrote is not out of order.
    if (replaced.some((binding) => known.includes(binding) && isOutOfOrder(binding, registration)))
      return fail(OUT_OF_ORDER);
    const others = bindings.filter((binding) => !replaced.includes(binding));
    bindings = expires === 0 ? others : [newBinding(change, contact, expires), ...others];
  }
  if (bindings.length > settings.contactsPerUser && bindings.length > known.length) {
    return fail(TOO_MANY);
  }
  return ok([...bindings].sort((a, b) => b.q - a.q));
}

const TOO_MANY = answer(403, TOO_MANY_DEVICES);
const OUT_OF_ORDER = answer(500, 'Registration Out Of Order');

const isOutOfOrder = (binding: Binding, { callId, cseq }: Registration): boolean =>
  binding.callId === callId && cseq <= binding.cseq;

function isReplaced(binding: Binding, contact: AskedContact, { callId }: Registration): boolean {
  if (contact.instance !== '' && contact.instance === binding.instance) {
    // One flow of one device (RFC 5626 §6), or a device that started anew and forgot what it had registered.
    if (contact.regId !== 0 || binding.regId !== 0) {
      if (contact.regId === binding.regId) return true;
    } else if (callId !== binding.callId) return true;
  }
  // A flow is known by its device and number alone, whatever its URI is.
  if (contact.regId !== 0) return false;
  if (contact.text === binding.contact) return true;
  const uri = parseUri(binding.contact);
  return uri.ok && binding.regId === 0 && sameUri(uri.value, contact.uri);
}

function newBinding(
  { aor, registration, device, now }: RegistrationChange,
  contact: AskedContact,
  expires: number,
): Binding {
  return {
    aor,
    contact: contact.text,
    q: contact.q,
    expiresAt: now + expires * 1000,
    callId: registration.callId,
    cseq: registration.cseq,
    instance: contact.instance,
    regId: contact.regId,
    path: registration.path,
    userAgent: registration.userAgent,
    received: registration.received,
    listener: registration.listener,
    device,
  };
}
