/**
 * What an office's own routing step is given and what it may answer: `tandem serve --route FILE`, docs/routing.md.
 * Stable: fields and answers may be added, but none is taken away or changes its meaning. Types only, and it imports
 * nothing, so that a file may copy it or point at it.
 */

/** A URI in parts. All texts are as people read them: escapes and UTF-8 are decoded. */
export interface RouteUri {
  /** Whole, as it was written. */
  readonly text: string;
  /** `sip`, `sips`, `tel` … */
  readonly scheme: string;
  /** The number or name before the `@`; of `tel:` all that follows the scheme. Empty when there is none. */
  readonly user: string;
  /** Lower case, IPv6 in brackets; empty for schemes other than sip and sips. */
  readonly host: string;
  readonly port: number | undefined;
  param(name: string): string | undefined;
}

/** From or To. */
export interface RouteAddress {
  readonly uri: RouteUri;
  /** The display name; empty when there is none. */
  readonly name: string;
}

export interface RouteRequest {
  /** `INVITE`, `MESSAGE`, `SUBSCRIBE` … */
  readonly method: string;
  /** Where the request is to go. */
  readonly uri: RouteUri;
  readonly from: RouteAddress;
  readonly to: RouteAddress;
  readonly callId: string;
  /** The domain of ours that is called; undefined for a call abroad. */
  readonly domain: string | undefined;
  /** The user of ours who proved to send this; undefined for a caller from abroad. */
  readonly user: { readonly number: string; readonly domain: string; readonly name: string } | undefined;
  /** Where the request came from: the last hop, which may be another proxy. */
  readonly source: {
    /** `UDP`, `TCP`, `TLS`, `WS` or `WSS`. */
    readonly transport: string;
    readonly address: string;
    readonly port: number;
  };
  /** Whether the caller hides who it is: an anonymous From (RFC 3323 §4.1.1.3) or a Privacy header that asks for it. */
  readonly isAnonymous: boolean;
  /** When the exchange took it up. */
  readonly time: Date;
  /** The first line of a header; its name in any case. */
  header(name: string): string | undefined;
  /** All lines of a header. */
  headers(name: string): readonly string[];
}

/**
 * A number of the domain that is called (`1002`), or a SIP URI: one of a domain of ours means the devices of that user.
 * `q` from 0 to 1 gives the order: targets of one q ring together, those of a lower one after them.
 */
export type RouteTarget = string | { readonly uri: string; readonly q?: number };

/** Header lines by name. */
export type RouteHeaders = Readonly<Record<string, string | readonly string[]>>;

/** Changes to the headers of the request as it goes on. Those that routing itself lives on cannot be changed. */
export interface RouteChanges {
  /** Names of headers to take away; done before `add`. */
  readonly remove?: readonly string[];
  readonly add?: RouteHeaders;
}

/** The request is answered with a failure, 400 to 699. */
export interface RouteReject {
  readonly reject: number;
  readonly reason?: string;
  readonly headers?: RouteHeaders;
}

/** The caller is told to try elsewhere. */
export interface RouteRedirect {
  readonly redirect: RouteTarget | readonly RouteTarget[];
  /** 302 (now) where it is absent, or 300, 301. */
  readonly status?: 300 | 301 | 302;
}

/** The request goes to these instead. */
export interface RouteSend {
  readonly send: RouteTarget | readonly RouteTarget[];
  readonly headers?: RouteChanges;
}

/** The request goes on as ever, with other headers. */
export interface RouteContinue {
  readonly headers: RouteChanges;
}

/** Nothing, or `'continue'`, lets the request go on as if there were no step. */
// biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is the commonest step.
export type RouteAnswer = void | undefined | 'continue' | RouteReject | RouteRedirect | RouteSend | RouteContinue;

/**
 * Asked about each request that begins something: calls, messages, subscriptions; not about REGISTER, nor about what
 * belongs to a call that is already there. An answer that takes longer than two seconds is no answer.
 */
export type RouteStep = (request: RouteRequest) => RouteAnswer | Promise<RouteAnswer>;
