/** Users as a file: read from one that the window was given, all or none; written for the main process, which saves it. */

import {
  everything,
  type LocalAdmin,
  readUsers,
  type UserRecord,
  writeUsers,
} from '../../../proxy-core/node/control/index.ts';
import { csvLine } from '../../../proxy-core/node/csv-line.ts';

/** @returns how many were added. @throws with the lines that are at fault. */
export async function importUsers(admin: LocalAdmin, csv: string): Promise<number> {
  return (await admin.call('users.import', { rows: readUsers(csv) })).added;
}

/** Passwords are in it as hashes. */
export async function exportUsers(admin: LocalAdmin): Promise<{ csv: string; count: number }> {
  const users: UserRecord[] = [];
  for await (const user of everything((after) => admin.call('users.export', { after }))) users.push(user);
  return { csv: writeUsers(users).map(csvLine).join(''), count: users.length };
}
