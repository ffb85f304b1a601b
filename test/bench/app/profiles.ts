/** Profiles to measure with: an empty one that may dial, one that hosts an office and remembers many calls, one that knows many people. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contactsFile } from '../../../app/main/contacts/contact-rows.ts';
import { createContactStore } from '../../../app/main/contacts/contact-store.ts';
import { createHistory } from '../../../app/main/history.ts';
import { openSqlite } from '../../../proxy-core/node/store/sqlite.ts';

export const USERS = 4_000;
export const CALLS = 100_000;
/** The most that one address book may have. */
export const CONTACTS = 100_000;
/** The first call that is remembered, ms since 1970. */
const BEGAN = Date.UTC(2026, 0, 1);

const FIRST = ['Adam', 'Anna', 'Dana', 'Emil', 'Jana', 'Karel', 'Lucie', 'Olga', 'Petr', 'Tom'];
const LAST = ['Novak', 'Svoboda', 'Ivanova', 'Torres', 'Lindqvist', 'Mensah', 'Baker', 'Moreau'];
const nameOf = (i: number): string => `${FIRST[i % FIRST.length]} ${LAST[(i >> 3) % LAST.length]} ${i}`;

/** An account that needs no server: who dials by it waits for nobody. */
export function smallProfile(): string {
  const data = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  write(data, false);
  return data;
}

export function largeProfile(root: string): string {
  const data = mkdtempSync(join(tmpdir(), 'tandem-bench-'));
  write(data, true);
  const office = join(data, 'office');
  mkdirSync(office);
  const users = join(data, 'users.csv');
  const rows = Array.from({ length: USERS }, (_, i) => `${1_000 + i},secret-${i},${nameOf(i)}`);
  writeFileSync(users, ['number,password,name', ...rows].join('\n'));
  const words = [join(root, 'scripts/tandem.mjs'), 'user', 'import', users, '--data', office];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The users of the office could not be made: ${stderr}`);
  remember(data);
  return data;
}

/** As an address book on a server leaves them. */
export function crowdedProfile(): string {
  const data = smallProfile();
  const file = contactsFile(data);
  // Makes the tables.
  createContactStore({ file, changed: () => {} }).list();
  file.close();
  const db = openSqlite(join(data, 'contacts.db'), 2_000);
  const put = db.prepare("INSERT INTO contacts VALUES (?, 'book', 0, ?, NULL)");
  db.exec('BEGIN');
  for (let i = 0; i < CONTACTS; i += 1) {
    const numbers = [
      { kind: 'mobile', value: `+420 777 ${String(1_000_000 + i * 7).slice(-6)}` },
      { kind: 'work', value: `221 ${String(1_000_000 + i).slice(-6)}` },
    ];
    const emails = [`someone${i}@office.example`];
    // Not in the order of their names.
    const name = nameOf((i * 7_919) % CONTACTS);
    put.run(`contact-${i}`, JSON.stringify({ name, company: `Mill ${i % 500}`, numbers, emails, note: '' }));
  }
  db.exec('COMMIT');
  db.close();
  return data;
}

function write(data: string, hosting: boolean): void {
  const account = { id: 'a', number: 'anna', displayName: 'Anna', server: '', outboundProxy: '' };
  const profile = { version: 2, accounts: [{ ...account, settings: { registrar: false } }], hosting };
  writeFileSync(join(data, 'profile.json'), JSON.stringify(profile));
}

/** In one statement: one call at a time is for people. */
function remember(folder: string): void {
  const history = createHistory({ folder, recordingPath: () => undefined, changed: () => {}, later: () => {} });
  // Makes the file.
  history.missed();
  history.close();
  const db = openSqlite(join(folder, 'history.db'), 2_000);
  db.exec(`
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${CALLS - 1})
    INSERT INTO calls (id, account, direction, name, number, uri, started_at, answered_at, ended_at, end, reason,
      words, place)
    SELECT 'call-' || i, 'a', iif(i % 3 = 0, 'incoming', 'outgoing'), 'Colleague ' || (i % ${USERS}),
      1000 + i % ${USERS}, 'sip:' || (1000 + i % ${USERS}) || '@127.0.0.1',
      ${BEGAN} + i * 60000, ${BEGAN} + i * 60000 + 4000, ${BEGAN} + i * 60000 + 50000, 'answered', '',
      'colleague ' || (i % ${USERS}) || ' ' || (1000 + i % ${USERS}), i + 1
    FROM n;
    INSERT OR REPLACE INTO marks VALUES ('place', ${CALLS})`);
  db.close();
}
