/** Passwords of single devices beside the user's own. */
import type { Device } from '../../server/stores.ts';
import type { HeldUsers } from './held-users.ts';
import { changeRows, type Database, type Statement } from './sqlite.ts';
import { type DeviceRow, deviceOf, type StoredDevice } from './user-rows.ts';

export class DeviceTable {
  readonly #db: Database;
  readonly #held: HeldUsers;
  readonly #insert: Statement;
  #most = 0;

  constructor(db: Database, held: HeldUsers) {
    this.#db = db;
    this.#held = held;
    this.#insert = db.prepare(
      'INSERT INTO devices (domain, number, label, ha1_md5, ha1_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
  }

  load(): void {
    for (const row of this.#db.prepare('SELECT * FROM devices ORDER BY created_at, label').iterate()) {
      const { domain, number } = row as unknown as DeviceRow;
      const { createdAt: _, ...device } = deviceOf(row as unknown as DeviceRow);
      this.#hold(number, domain, device);
    }
    this.count();
  }

  /** What the user with the most devices has. */
  get most(): number {
    return this.#most;
  }

  /** Finds `most` anew: devices went with their user. */
  count(): void {
    const sql = 'SELECT max(n) AS most FROM (SELECT count(*) AS n FROM devices GROUP BY domain, number)';
    this.#most = (this.#db.prepare(sql).get() as { most: number | null } | undefined)?.most ?? 0;
  }

  /** The devices of a user, with what is not held in memory, in the order in which they were added. */
  of(number: string, domain: string): StoredDevice[] {
    const rows = this.#db
      .prepare('SELECT * FROM devices WHERE domain = ? AND number = ? ORDER BY created_at, label')
      .all(domain, number);
    return rows.map((row) => deviceOf(row as unknown as DeviceRow));
  }

  add(number: string, domain: string, device: StoredDevice): void {
    changeRows(this.#db, () => this.insert(number, domain, device));
    const { createdAt: _, ...held } = device;
    this.#hold(number, domain, held);
    this.count();
  }

  /** Within the caller's transaction; nothing is held. */
  insert(number: string, domain: string, { label, ha1Md5, ha1Sha256, createdAt }: StoredDevice): void {
    this.#insert.run(domain, number, label, ha1Md5, ha1Sha256, createdAt);
  }

  /**
   * Takes a device's password out of use at once, and has it forgotten durably by `finish`; when that is never called,
   * as after a fault or a crash, `undo` or the next start bring it back.
   */
  revoke(number: string, domain: string, label: string): { finish(): void; undo(): void } {
    const device = this.#held.get(number, domain)?.devices?.find((one) => one.label === label);
    this.#held.change(number, domain, (user) => ({
      ...user,
      devices: (user.devices ?? []).filter((one) => one.label !== label),
    }));
    return {
      finish: () => {
        const sql = 'DELETE FROM devices WHERE domain = ? AND number = ? AND label = ?';
        changeRows(this.#db, () => this.#db.prepare(sql).run(domain, number, label));
        this.count();
      },
      undo: () => {
        if (device !== undefined) this.#hold(number, domain, device);
      },
    };
  }

  #hold(number: string, domain: string, { label, ha1Md5, ha1Sha256 }: Device): void {
    this.#held.change(number, domain, (user) => ({
      ...user,
      devices: [...(user.devices ?? []), { label, ha1Md5, ha1Sha256 }],
    }));
  }
}
