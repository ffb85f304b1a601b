/** What an event package gives the notifier (RFC 6665 §5): who may watch what, and the documents that tell of it. */
import type { Body } from '../../sip/message/build.ts';
import type { Answer } from '../answer.ts';
import type { Asked } from './notifier-ports.ts';

export interface EventPackage {
  /** As it stands in Event. */
  readonly name: string;
  readonly contentType: string;
  /** How long subscriptions last, in seconds. */
  readonly defaultExpires: number;
  readonly minExpires: number;
  readonly maxExpires: number;
  /** The least time between two notifications of a change to one subscriber, in ms. */
  readonly pause: number;
  /** What an authenticated SUBSCRIBE asks to watch, as a key of the package's own; or why it may not. */
  resourceOf(context: Asked): string | Answer;
  /**
   * Begins to watch. `changed` is called when there is news, `gone` when the resource has ceased to be; neither before
   * this returns.
   */
  watch(resource: string, events: { changed(): void; gone(): void }): Watch;
}

/** One subscriber's view of a resource: it knows what this one was told. */
export interface Watch {
  /** The whole state, or what is new since the last document; undefined where nothing is. */
  document(full: boolean): Body | undefined;
  end(): void;
}

/** Why a subscription ends (RFC 6665 §4.1.3). */
export type EndReason = 'deactivated' | 'probation' | 'rejected' | 'timeout' | 'giveup' | 'noresource';
