/** Where one can be within the office. A page that is still to come is a line here and one among its views. */

/** A user as lists name him. */
export interface UserKey {
  readonly number: string;
  readonly domain: string;
}

/** Addresses that are kept out, who was refused, networks that are trusted. */
export type SecurityPart = 'bans' | 'refused' | 'trusted';

export type OfficePlace =
  | { readonly page: 'overview' | 'lamps' | 'domains' | 'settings' | 'log' | 'diagnosis' }
  | { readonly page: 'security'; readonly part?: SecurityPart }
  /** One user, or all of them; `unregistered` shows those without a phone. */
  | { readonly page: 'users'; readonly user?: UserKey; readonly unregistered?: true }
  /** The messages of one call, or all calls; `failed` shows those that did not come about. */
  | { readonly page: 'calls'; readonly callId?: string; readonly failed?: true };

export type OfficePage = OfficePlace['page'];
