/** Passwords of single devices, so that a lost one is revoked alone. */
import * as v from 'valibot';
import { aorOf } from '../../../server/stores.ts';
import { ha1Of, type StoredUser } from '../../store/index.ts';
import { type AdminParts, method } from '../area.ts';
import { AdminError } from '../errors.ts';
import { labelField, passwordField } from '../fields.ts';
import { DEVICES_PER_USER } from '../limits.ts';
import { refuseSamePassword, storedUser, who } from '../lookups.ts';

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
  { number, domain }: StoredUser,
  { label, createdAt }: { label: string; createdAt: number },
): DeviceInfo {
  const bindings = store.location.lookup(aorOf(number, domain), now()).filter(({ device }) => device === label).length;
  return { label, number, domain, createdAt, bindings };
}

export const devicesArea = {
  'devices.add': method(
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
      users.devices.add(number, domain, device);
      return deviceInfo(parts, user, device);
    },
  ),

  'devices.list': method(v.strictObject(who), (asked, parts): readonly DeviceInfo[] => {
    const user = storedUser(parts.store.users, asked);
    return parts.store.users.devices.of(user.number, user.domain).map((device) => deviceInfo(parts, user, device));
  }),

  'devices.remove': method(
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
        revoked.finish();
      } catch (error) {
        revoked.undo();
        throw error;
      }
      return before;
    },
  ),
};
