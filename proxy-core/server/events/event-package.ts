/** What an event package gives the notifier (RFC 6665 §5): who may watch what, and the documents that tell of it. */
import type { Body } from '../../sip/message/build.ts';
import type { Answer } from '../answer.ts';
import type { User } from '../stores.ts';
import type { Asked } from './notifier-ports.ts';
import type { NotifyPacer } from './notify-pacer.ts';

export interface EventPackage {
  /** As it stands in Event. */
  readonly name: string;
  readonly contentType: string;
  /** An option tag that the subscriber must understand, as for lists (RFC 4662 §4.1). */
  readonly requires?: string;
  /** Option tags that a SUBSCRIBE may require; none where it is absent. */
  readonly understands?: readonly string[];
  /** How long subscriptions last, in seconds. */
  readonly defaultExpires: number;
  readonly minExpires: number;
  readonly maxExpires: number;
  /** The least time between two notifications of a change to one subscriber, in ms. */
  readonly pause: number;
  /** What an authenticated SUBSCRIBE asks to watch, as a key of the package's own; or why it may not. */
  resourceOf(context: Asked): string | Answer;
  /** Whether that user may watch it still: rules change, and users go. */
  allows(user: User, resource: string): boolean;
  /** How many watch it now. */
  watching(resource: string): number;
  /** Begins to watch. The listener is told nothing before this returns. */
  watch(resource: string, watcher: User, listener: WatchListener): Watch;
  /** Who may know of whom has changed. Where it is absent, all who watch are told all anew. */
  rulesChanged?(): void;
}

/** An event package for lists of what another one watches (RFC 4662). */
export interface ListsOf extends EventPackage {
  /** Whether a SUBSCRIBE to the package is one to a list. */
  claims(context: Asked): boolean;
  /** Whether a resource, as it is kept, is a list. */
  holds(resource: string): boolean;
}

export interface WatchListener {
  /** There is news. */
  changed(): void;
  /** The resource has ceased to be. */
  gone(): void;
}

/** One subscriber's view of a resource: it knows what this one was told. */
export interface Watch {
  /**
   * The whole state, or what is new since the last document; undefined where nothing is.
   * @param version of the document, where its format has one: each is one more than the last, from 0.
   * @param room bytes that fit into what carries it well, for what can be told in pieces.
   */
  document(full: boolean, version: number, room?: number): Body | undefined;
  /** The least time until the next, in ms, where it is not that of the package. */
  readonly pause?: number;
  /** By which it takes its turn with others, where that is not the one for all. Who asked is told at once all the same. */
  readonly pacer?: NotifyPacer;
  end(): void;
}

/** Why a subscription ends (RFC 6665 §4.1.3). */
export type EndReason = 'deactivated' | 'rejected' | 'timeout' | 'noresource';
