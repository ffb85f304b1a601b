/** What the rules may know beside the messages of a story. */
import type { Ban, Binding } from '../stores.ts';
import type { TraceNote } from '../trace/entry.ts';
import type { ReadMessage } from '../trace/reading.ts';
import type { Story } from './story.ts';

export interface KnownUser {
  readonly number: string;
  readonly domain: string;
  /** May be empty. */
  readonly name: string;
}

/** The last registration of a user who has none any more. */
export interface Departure {
  /** ms since 1970. */
  readonly at: number;
  /** Its time ran out without a new one, or it was ended: by the phone, by hand, or because nobody answered our pings. */
  readonly how: 'expired' | 'ended';
  readonly userAgent: string;
  /** Label of the device's own password; may be empty. */
  readonly device: string;
  /** As `udp:192.0.2.7:5062`. */
  readonly received: string;
}

export interface Facts {
  /** ms since 1970. */
  readonly now: number;
  /** Since when the exchange runs; nothing is known of what was registered and ended before. */
  readonly startedAt: number;
  /** Writes a time for people, such as 14:02. */
  readonly time: (ms: number) => string;
  readonly domains: readonly string[];
  /** Transports that we listen on, in upper case. */
  readonly transports: readonly string[];
  /** The shortest registration, in seconds, and how many phones a user may have. */
  readonly minExpires: number;
  readonly contactsPerUser: number;
  /** By number or alias. */
  user(number: string, domain: string): KnownUser | undefined;
  realm(domain: string): string;
  /** What is registered now. */
  bindings(user: KnownUser): readonly Binding[];
  departure(user: KnownUser): Departure | undefined;
  /** A ban that holds now. */
  ban(host: string): Ban | undefined;
  /** In order. */
  readonly notes: readonly TraceNote[];
  /** Every story of the same subject, in order: a rule may look at what came before and after. */
  readonly stories: readonly Story[];
  /** The last message that came from an address, whatever it was about. */
  lastFrom(host: string, port: number): ReadMessage | undefined;
  /** Streams that a phone at this address offered or took last, newest first. */
  offersFrom(host: string, port: number): readonly ReadMessage[];
  /** With whom a user talks now, and since when. */
  talksWith(user: KnownUser): { readonly number: string; readonly since: number } | undefined;
}
