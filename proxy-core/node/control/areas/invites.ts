/** Codes for one use, by which a new phone gets its number and a password of its own. */
import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { drawCode, formatCode, hashOf } from '../../join/code.ts';
import { NONCE_BYTES } from '../../join/messages.ts';
import type { InviteRow } from '../../store/index.ts';
import { change, list } from '../area.ts';
import { inviteKind } from '../audit/invite-kind.ts';
import { AdminError } from '../errors.ts';
import { domainField, numberField } from '../fields.ts';
import { DEVICES_PER_USER, INVITES, INVITES_PER_USER } from '../limits.ts';
import { ofUser, storedUser, who } from '../lookups.ts';
import { type Page, pageOf, sortedBy } from '../paging.ts';

/** How often a code may be tried in vain before it is good for nothing. */
export const ATTEMPTS = 5;
const USUAL_HOURS = 24;
const MOST_HOURS = 168;
const HOUR_MS = 3_600_000;

/** A code that is open; the code itself is told once, when it is made. */
export interface InviteInfo {
  /** Its first three characters. */
  readonly id: string;
  readonly number: string;
  readonly domain: string;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** At 0 it is good for nothing any more. */
  readonly attemptsLeft: number;
}

export interface NewInvite extends InviteInfo {
  /** Such as `K7M-4QP-9XT`. */
  readonly code: string;
  /** The user's. */
  readonly name: string;
}

const shown = ({ id, number, domain, created_at, expires_at, attempts_left }: InviteRow): InviteInfo => ({
  ...{ id, number, domain },
  ...{ createdAt: created_at, expiresAt: expires_at, attemptsLeft: attempts_left },
});

const hoursField = v.pipe(
  v.number('The hours must be a number.'),
  v.integer('Say whole hours.'),
  v.minValue(1, 'A code is good for at least an hour.'),
  v.maxValue(MOST_HOURS, 'A code is good for a week at most.'),
);

export const invitesArea = {
  'invites.add': change(
    v.strictObject({ ...who, hours: v.optional(hoursField, USUAL_HOURS) }),
    async ({ hours, ...asked }, parts): Promise<NewInvite> => {
      const { store, now, record } = parts;
      const { invites, users } = store;
      const found = storedUser(users, asked);
      const salt = randomBytes(NONCE_BYTES);
      invites.sweep();
      const code = drawCode((id) => invites.find(id) !== undefined);
      const hash = await hashOf(code.secret, salt);
      // Others may have come while it was hashed.
      const { number, domain, name, devices = [] } = storedUser(users, found);
      const open = invites.count({ number, domain });
      if (invites.count() >= INVITES) throw new AdminError('invalid', `At most ${INVITES} codes are open at one time.`);
      if (open >= INVITES_PER_USER) {
        throw new AdminError(
          'invalid',
          `User ${number}@${domain} has ${open} open codes: take one of them back first.`,
        );
      }
      if (devices.length + open >= DEVICES_PER_USER) {
        throw new AdminError('invalid', `A user has at most ${DEVICES_PER_USER} devices with passwords of their own.`);
      }
      if (invites.find(code.id) !== undefined)
        throw new AdminError('exists', 'Two codes were made at once: try again.');
      const createdAt = now();
      const row: InviteRow = {
        ...{ id: code.id, number, domain, salt: salt.toString('hex'), hash: hash.toString('hex') },
        ...{ created_at: createdAt, expires_at: createdAt + hours * HOUR_MS, attempts_left: ATTEMPTS },
      };
      record([{ kind: inviteKind, key: code.id }], () => invites.insert(row));
      return { ...shown(row), name, code: formatCode(code) };
    },
  ),

  'invites.list': list(
    v.strictObject({
      ...sortedBy('number', 'expires'),
      number: v.optional(numberField),
      domain: v.optional(domainField),
    }),
    (query, { store: { listings, users }, now }): Page<InviteInfo> =>
      pageOf(listings.invites.page({ ...query, filters: { ...ofUser(query, users), holdsAt: now() } }), shown),
    {
      topic: 'invites',
      keyOf: ({ id }) => id,
      one(key, query, { store: { listings, users }, now }): InviteInfo | undefined {
        const row = listings.invites.one([key], { ...query, filters: { ...ofUser(query, users), holdsAt: now() } });
        return row === undefined ? undefined : shown(row);
      },
    },
  ),

  'invites.remove': change(
    v.strictObject({ id: v.pipe(v.string(), v.toUpperCase(), v.maxLength(32)) }),
    ({ id: given }, { store: { invites }, record, now }): InviteInfo => {
      // The whole code is taken as well.
      const id = given.slice(0, 3);
      const row = invites.find(id);
      if (row === undefined || row.expires_at <= now())
        throw new AdminError('unknown', `No open code begins with ${id}.`);
      record([{ kind: inviteKind, key: id }], () => invites.remove(id));
      return shown(row);
    },
  ),
};
