/** The administration of what users have beside their number and password: devices, aliases, domains. */
import { aorOf, type PasswordHashes } from '../../server/stores.ts';
import { ha1Of, type SqliteUserStore, type Store, type StoredUser } from '../store/index.ts';
import { AdminError, type DeviceInfo, type DomainInfo, type Handlers } from './methods.ts';

/** More would make every failed login of the whole office cost more (see `UserStore.mostPasswords`). */
export const DEVICES_PER_USER = 16;
export const ALIASES_PER_USER = 100;

/** @throws AdminError when a number is a user's or an alias already. */
export function refuseTaken(users: SqliteUserStore, number: string, domain: string): void {
  const known = users.find(number, domain);
  if (known === undefined) return;
  if (known.number === number) throw new AdminError('exists', `User ${number}@${domain} exists already.`);
  throw new AdminError('exists', `${number}@${domain} is an alias of ${known.number}.`);
}

/** Two devices with one password could not be told apart, nor one of them revoked. */
export function refuseSamePassword(others: readonly PasswordHashes[], { ha1Sha256 }: PasswordHashes): void {
  if (others.some((other) => other.ha1Sha256 === ha1Sha256)) {
    throw new AdminError('exists', 'This password is in use for the same user already: choose another one.');
  }
}

type Provisioning = Omit<
  Pick<Handlers, Extract<keyof Handlers, `${'devices' | 'aliases' | 'domains'}.${string}`>>,
  // modes.ts
  'domains.mode'
>;

/** @param stored gives a user, @param known a domain, or throws AdminError. */
export function provisioningHandlers(
  store: Store,
  stored: (number: string, domain: string) => StoredUser,
  known: (domain: string | undefined) => string | undefined,
  now: () => number,
): Provisioning {
  const { users, location } = store;
  const bindingsOf = (number: string, domain: string) => location.lookup(aorOf(number, domain), now());
  const deviceInfo = (user: StoredUser, device: { label: string; createdAt: number }): DeviceInfo => ({
    label: device.label,
    number: user.number,
    domain: user.domain,
    createdAt: device.createdAt,
    bindings: bindingsOf(user.number, user.domain).filter((binding) => binding.device === device.label).length,
  });
  const domainInfo = (name: string): DomainInfo => ({
    name,
    isDefault: name === users.defaultDomain,
    users: users.usersIn(name),
    realm: users.realm(name),
    mode: users.modes.ofDomain(name) ?? 'default',
  });

  return {
    'devices.add'({ number, domain = users.defaultDomain, label, password }) {
      const user = stored(number, domain);
      const devices = user.devices ?? [];
      if (devices.some((device) => device.label === label)) {
        throw new AdminError('exists', `User ${number}@${domain} has a device "${label}" already.`);
      }
      if (devices.length >= DEVICES_PER_USER) {
        throw new AdminError('invalid', `A user has at most ${DEVICES_PER_USER} devices with passwords of their own.`);
      }
      const hashes = ha1Of(number, users.realm(domain), password);
      refuseSamePassword([user, ...devices], hashes);
      const device = { label, createdAt: now(), ...hashes };
      users.addDevice(number, domain, device);
      return deviceInfo(user, device);
    },

    'devices.list'({ number, domain = users.defaultDomain }) {
      const user = stored(number, domain);
      return users.devices(number, domain).map((device) => deviceInfo(user, device));
    },

    async 'devices.remove'({ number, domain = users.defaultDomain, label }) {
      const user = stored(number, domain);
      const device = users.devices(number, domain).find((one) => one.label === label);
      if (device === undefined) throw new AdminError('unknown', `User ${number}@${domain} has no device "${label}".`);
      const before = deviceInfo(user, device);
      // First the password, so that the phone cannot come back while its bindings are being removed.
      const revoked = users.revokeDevice(number, domain, label);
      try {
        const live = bindingsOf(number, domain);
        const kept = live.filter((binding) => binding.device !== label);
        if (kept.length < live.length) await location.replace(aorOf(number, domain), kept);
        revoked.finish();
      } catch (error) {
        revoked.undo();
        throw error;
      }
      return before;
    },

    'aliases.add'({ number, domain = users.defaultDomain, alias }) {
      const user = stored(number, domain);
      refuseTaken(users, alias, domain);
      if ((user.aliases ?? []).length >= ALIASES_PER_USER) {
        throw new AdminError('invalid', `A user has at most ${ALIASES_PER_USER} aliases.`);
      }
      users.addAlias(alias, number, domain);
      return { alias, number, domain };
    },

    'aliases.list'({ number, domain }) {
      const within =
        number === undefined && domain === undefined ? users.domains() : [known(domain) ?? users.defaultDomain];
      if (number !== undefined) stored(number, domain ?? users.defaultDomain);
      return within.flatMap((name) => users.aliases(name, number).map((one) => ({ ...one, domain: name })));
    },

    'aliases.remove'({ alias, domain = users.defaultDomain }) {
      const number = users.find(alias, domain)?.number;
      if (number === undefined || number === alias) {
        throw new AdminError('unknown', `There is no alias ${alias}@${domain}.`);
      }
      users.removeAlias(alias, domain);
      return { alias, number, domain };
    },

    'domains.add'({ name }) {
      if (users.hasDomain(name)) throw new AdminError('exists', `The domain ${name} exists already.`);
      users.addDomain(name);
      return domainInfo(name);
    },

    'domains.list': () => users.domains().map(domainInfo),

    'domains.remove'({ name }) {
      if (!users.hasDomain(name)) throw new AdminError('unknown', `There is no domain ${name}.`);
      const before = domainInfo(name);
      if (before.users > 0) {
        const who = before.users === 1 ? 'a user' : `${before.users} users`;
        throw new AdminError('invalid', `The domain ${name} has ${who}: remove them first.`);
      }
      if (users.domains().length === 1)
        throw new AdminError('invalid', `${name} is the only domain: add another first.`);
      users.removeDomain(name);
      return before;
    },
  };
}
