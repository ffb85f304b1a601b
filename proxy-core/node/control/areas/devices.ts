/** Passwords of single devices, so that a lost one is revoked alone. */
import * as v from 'valibot';
import { aorOf } from '../../../server/stores.ts';
import { ha1Of, type StoredUser } from '../../store/index.ts';
import { change, list } from '../area.ts';
import { userSubject } from '../audit/user-kind.ts';
import { AdminError } from '../errors.ts';
import { domainField, labelField, numberField, passwordField } from '../fields.ts';
import { DEVICES_PER_USER } from '../limits.ts';
import { ofUser, refuseSamePassword, storedUser, who, whoIs } from '../lookups.ts';
import { type Page, pageOf, sortedBy } from '../paging.ts';
import type { AdminParts } from '../parts.ts';

/** A device with a password of its own. */
export interface DeviceInfo {
  readonly label: string;
  readonly number: string;
  readonly domain: string;
  /** ms since 1970. */
  readonly createdAt: number;
  /** Its bindings that are alive now. */
  readonly bindings: number;
}

function deviceInfo(
  { store, now }: AdminParts,
  { number, domain }: Pick<StoredUser, 'number' | 'domain'>,
  { label, createdAt }: { label: string; createdAt: number },
): DeviceInfo {
  const bindings = store.location.lookup(aorOf(number, domain), now()).filter(({ device }) => device === label).length;
  return { label, number, domain, createdAt, bindings };
}

export const devicesArea = {
  'devices.add': change(
    v.strictObject({ ...who, label: labelField, password: passwordField }),
    ({ label, password, ...asked }, parts): DeviceInfo => {
      const { users } = parts.store;
      const user = storedUser(users, asked);
      const { number, domain, devices = [] } = user;
      if (devices.some((device) => device.label === label)) {
        throw new AdminError('exists', `User ${number}@${domain} has a device "${label}" already.`);
      }
      if (devices.length >= DEVICES_PER_USER) {
        throw new AdminError('invalid', `A user has at most ${DEVICES_PER_USER} devices with passwords of their own.`);
      }
      const hashes = ha1Of(number, users.realm(domain), password);
      refuseSamePassword([user, ...devices], hashes);
      const device = { label, createdAt: parts.now(), ...hashes };
      parts.record([userSubject(user)], () => users.devices.add(number, domain, device));
      return deviceInfo(parts, user, device);
    },
  ),

  'devices.list': list(
    v.strictObject({
      ...sortedBy('label', 'created'),
      number: v.optional(numberField),
      domain: v.optional(domainField),
    }),
    (query, parts): Page<DeviceInfo> =>
      pageOf(parts.store.listings.devices.page({ ...query, filters: ofUser(query, parts.store.users) }), (row) =>
        deviceInfo(parts, row, { label: row.label, createdAt: row.created_at }),
      ),
    {
      topic: 'devices',
      keyOf: ({ number, domain, label }) => `${aorOf(number, domain)} ${label}`,
      one(key, query, parts): DeviceInfo | undefined {
        const [aor = '', label] = cut(key);
        const { number, domain } = whoIs(aor);
        const { devices } = parts.store.listings;
        const row = devices.one([domain, number, label], { ...query, filters: ofUser(query, parts.store.users) });
        return row === undefined ? undefined : deviceInfo(parts, row, { label, createdAt: row.created_at });
      },
    },
  ),

  'devices.remove': change(
    v.strictObject({ ...who, label: labelField }),
    async ({ label, ...asked }, parts): Promise<DeviceInfo> => {
      const { users, location } = parts.store;
      const user = storedUser(users, asked);
      const { number, domain } = user;
      const device = users.devices.of(number, domain).find((one) => one.label === label);
      if (device === undefined) throw new AdminError('unknown', `User ${number}@${domain} has no device "${label}".`);
      const before = deviceInfo(parts, user, device);
      // First the password, so that the phone cannot come back while its bindings are being removed.
      const revoked = users.devices.revoke(number, domain, label);
      try {
        const live = location.lookup(aorOf(number, domain), parts.now());
        const kept = live.filter((binding) => binding.device !== label);
        if (kept.length < live.length) await location.replace(aorOf(number, domain), kept);
        parts.record([userSubject(user)], () => revoked.finish());
      } catch (error) {
        revoked.undo();
        throw error;
      }
      return before;
    },
  ),
};

/** A number has no blank, a label may have some. */
function cut(key: string): [aor: string, label: string] {
  const blank = key.indexOf(' ');
  return [key.slice(0, blank), key.slice(blank + 1)];
}
