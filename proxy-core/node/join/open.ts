/** The desk for codes with what it needs of this exchange: where phones reach it, and the administration that lets them in. */
import { X509Certificate } from 'node:crypto';
import type { Guard } from '../../server/guard/guard.ts';
import { isSecure } from '../../sip/transport/port.ts';
import { createAdmin } from '../control/admin.ts';
import { DEVICES_PER_USER } from '../control/limits.ts';
import type { InviteRow, Store } from '../store/index.ts';
import type { NodeTransport } from '../transport/node-transport.ts';
import { drawn } from './code.ts';
import { CodeDesk } from './desk.ts';
import type { Grant, JoinOutcome } from './messages.ts';

export interface OpenDeskOptions {
  readonly store: Store;
  readonly guard: Guard;
  readonly secret: string;
  readonly now: () => number;
  readonly transport: Pick<NodeTransport, 'addresses' | 'credentials'>;
}

/** 100 bits. */
const PASSWORD = 20;
const LONGEST_LABEL = 60;

export function openDesk({ store, guard, secret, now, transport }: OpenDeskOptions): CodeDesk {
  const admit = async (invite: InviteRow, name: string): Promise<JoinOutcome> => {
    const { number, domain } = invite;
    const user = store.users.get(number, domain);
    const devices = user?.devices ?? [];
    if (user === undefined || devices.length >= DEVICES_PER_USER) {
      return { refusal: 'The office has no room for another phone of this user: ask for one to be taken away first.' };
    }
    // First it is used up: between the two a crash costs a code, and nobody gets in twice.
    if (!store.invites.take(invite.id)) return { refusal: 'This code was used already: ask for a new one.' };
    const label = freeLabel(name, new Set(devices.map((device) => device.label)));
    const password = drawn(PASSWORD);
    const facts = () => ({ version: '', startedAt: 0, listeners: [], mode: '' });
    const admin = createAdmin({ store, facts, now }, `code ${invite.id}`);
    await admin.call('devices.add', { number, domain, label, password });
    const isDefault = domain === store.users.defaultDomain;
    return {
      grant: { ...{ number, domain, isDefault, name: user.name, device: label, password }, ...reached(domain) },
    };
  };

  const reached = (domain: string): Pick<Grant, 'ways' | 'certificate'> => {
    const { credentials } = transport;
    const named = credentials?.isSelfMade === false ? domain : undefined;
    const ways = transport.addresses.map(({ transport: name, port, advertise }) => {
      // A certificate by somebody known is for the domain.
      const host = advertise?.host ?? (isSecure(name) ? named : undefined);
      return { transport: name, port: advertise?.port ?? port, ...(host !== undefined && { host }) };
    });
    if (credentials?.isSelfMade !== true) return { ways };
    const { fingerprint256: fingerprint, validTo } = new X509Certificate(credentials.cert);
    return { ways, certificate: { fingerprint, name: domain, until: Date.parse(validTo) } };
  };

  return new CodeDesk({ invites: store.invites, guard, secret, now, admit });
}

/** What a new phone calls itself, where no other phone of the user is called so. */
function freeLabel(name: string, taken: ReadonlySet<string>): string {
  const plain =
    name
      .replaceAll(/\p{Cc}/gu, ' ')
      .trim()
      .slice(0, LONGEST_LABEL)
      .trim() || 'Tandem';
  for (let count = 1; ; count++) {
    const label = count === 1 ? plain : `${plain} ${count}`;
    if (!taken.has(label)) return label;
  }
}
