/** How much a user may have. */

/** More would make every failed login of the whole office cost more (see `UserStore.mostPasswords`). */
export const DEVICES_PER_USER = 16;
export const ALIASES_PER_USER = 100;
/** Codes that are open at one time. */
export const INVITES_PER_USER = 8;
export const INVITES = 5_000;

/** Networks that are trusted by choice. */
export const NETWORKS = 200;
