import { ha1Of, type StoredUser } from '../../../../../proxy-core/node/store/index.ts';
import type { Aor, Binding } from '../../../../../proxy-core/server/stores.ts';

export function user(number: string, domain: string, password = 'secret'): StoredUser {
  return { number, domain, name: `User ${number}`, createdAt: 1_700_000_000_000, ...ha1Of(number, domain, password) };
}

export function binding(aor: string, contact: string, fields: Partial<Binding> = {}): Binding {
  return {
    aor: aor as Aor,
    contact,
    q: 1000,
    expiresAt: 4_000_000_000_000,
    callId: 'a84b4c76e66710',
    cseq: 1,
    instance: '',
    regId: 0,
    path: [],
    userAgent: 'Sample/1.0',
    received: 'udp:192.0.2.7:5062',
    device: '',
    listener: 'udp:192.0.2.1:5060',
    ...fields,
  };
}
