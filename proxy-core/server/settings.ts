/** What an office may tune, with the values that it starts from. Times are in ms unless the name says seconds. */

/** How requests for others are handled (RFC 3261 §16.2, §16.11, §8.3). */
export const exchangeModes = ['proxy', 'redirect', 'stateless'] as const;
export type ExchangeMode = (typeof exchangeModes)[number];

/** Whose redirections the exchange follows itself (RFC 3261 §16.7 step 4); all others go up to the caller. */
export const redirectPolicies = ['own', 'all', 'none'] as const;
export type RedirectPolicy = (typeof redirectPolicies)[number];

/** Whose media passes through us: of those who cannot reach each other, of all, of none. */
export const relayModes = ['auto', 'always', 'never'] as const;
export type RelayMode = (typeof relayModes)[number];

/** How the way to a phone behind a NAT is kept open: by a request that it answers, by mere bytes, or not at all. */
export const natPings = ['options', 'crlf', 'off'] as const;
export type NatPing = (typeof natPings)[number];

export interface Settings {
  readonly mode: ExchangeMode;
  /** Registration times in seconds (RFC 3261 §10.3). */
  readonly minExpires: number;
  readonly defaultExpires: number;
  readonly maxExpires: number;
  readonly contactsPerUser: number;
  /** Routes that phones shall send their requests by, as `<sip:…;lr>` (RFC 3608); usually none. */
  readonly serviceRoutes: readonly string[];
  /** Option tags without which no phone may register: `path`, `outbound`, `gruu` (RFC 3261 §21.4.16). */
  readonly requiredExtensions: readonly string[];
  /** How often phones with Outbound are to show that they live, in seconds, on datagrams and on connections (RFC 5626 §4.4). */
  readonly datagramFlowTimer: number;
  readonly connectionFlowTimer: number;
  /** Subscriptions to events: of one subscriber, to one resource, and of all. */
  readonly subscriptionsPerUser: number;
  readonly subscriptionsPerResource: number;
  readonly maxSubscriptions: number;
  /** Documents that phones publish: of one user, and of all. */
  readonly publicationsPerUser: number;
  readonly maxPublications: number;
  /** How long an INVITE may ring without any news (RFC 3261 §16.6 step 11: more than three minutes). */
  readonly timerC: number;
  /** How long targets of one q ring before those of a lower one do, where there are any. */
  readonly serialRing: number;
  /** How long the next address of a target waits for one that says nothing (RFC 3263 §4.3 would wait for Timer B or F). */
  readonly hopTimeout: number;
  /** How long a phone whose connection ended while it rang is waited for. */
  readonly phoneReturn: number;
  /** How long an address that failed is tried last. */
  readonly failedHopTime: number;
  /** A longer request goes over TCP where that can be had, in bytes (RFC 3261 §18.1.1). */
  readonly udpLimit: number;
  /** Branches that a request may have at once, here and further on (RFC 5393 §5.3.3). */
  readonly maxBreadth: number;
  readonly redirects: RedirectPolicy;
  /** How long a step of the office's own may take (docs/routing.md). */
  readonly routeTimeout: number;
  /** Requests that nobody has answered yet, beyond which new ones are put off with a 503. */
  readonly maxTransactions: number;
  /** Of one request: targets beyond this number are not tried. */
  readonly maxTargets: number;
  /** Calls that are followed at one time: of all, and of one user. Beyond it the oldest counts as over. */
  readonly maxCalls: number;
  readonly callsPerUser: number;
  /** An answered call without a session timer (RFC 4028) in whose dialog nothing was heard for so long counts as over. */
  readonly longestCall: number;
  readonly relay: RelayMode;
  /** Calls, and branches that still ring, whose media may pass through us at one time. */
  readonly relayCalls: number;
  /** How many of them may be one user's, or of one address that proves nothing. */
  readonly relayCallsPerUser: number;
  readonly relayCallsPerSource: number;
  /** A relayed call without any packet is over after this time, on hold after the other. */
  readonly relaySilence: number;
  readonly relayHold: number;
  readonly natPing: NatPing;
  readonly natPingInterval: number;
  /** Pings without an answer after which a phone that used to answer is taken for gone. */
  readonly natPingMisses: number;
  /** Room for the messages of the last minutes, in bytes; 0 keeps none. */
  readonly traceBytes: number;
  /** How long they are kept where there is room. */
  readonly traceAge: number;
  /** The body of a MESSAGE, in bytes. */
  readonly messageBytes: number;
  /** How long a message waits for a device to take it before it is kept and the sender told so. */
  readonly messageWait: number;
  /** How long messages are kept at most. */
  readonly messageDays: number;
  /** Messages kept: of all, for one recipient, of one sender, and of one sender for one recipient. */
  readonly maxMessages: number;
  readonly messagesPerUser: number;
  readonly messagesPerSender: number;
  readonly messagesPerPair: number;
  /** How often a call may be forwarded, here and before it came here. */
  readonly maxDiversions: number;
  /** What Server and User-Agent say. */
  readonly product: string;
}

export const defaultSettings: Settings = {
  mode: 'proxy',
  minExpires: 60,
  defaultExpires: 3600,
  maxExpires: 7200,
  contactsPerUser: 10,
  serviceRoutes: [],
  requiredExtensions: [],
  // Shorter than the 30 s after which the strictest NATs forget a datagram's way.
  datagramFlowTimer: 25,
  connectionFlowTimer: 120,
  // A desk phone with its keys at the side shows some sixty lamps.
  subscriptionsPerUser: 150,
  subscriptionsPerResource: 5_000,
  maxSubscriptions: 200_000,
  publicationsPerUser: 10,
  maxPublications: 50_000,
  timerC: 181_000,
  serialRing: 30_000,
  hopTimeout: 4_000,
  phoneReturn: 4_000,
  failedHopTime: 30_000,
  udpLimit: 1_300,
  maxBreadth: 60,
  redirects: 'own',
  routeTimeout: 2_000,
  maxTransactions: 50_000,
  maxTargets: 20,
  maxCalls: 20_000,
  callsPerUser: 1_000,
  longestCall: 43_200_000,
  relay: 'auto',
  relayCalls: 500,
  relayCallsPerUser: 40,
  relayCallsPerSource: 50,
  relaySilence: 120_000,
  relayHold: 7_200_000,
  natPing: 'options',
  natPingInterval: 30_000,
  natPingMisses: 4,
  traceBytes: 32 * 1024 * 1024,
  traceAge: 15 * 60_000,
  messageBytes: 32_768,
  messageWait: 4_000,
  messageDays: 14,
  maxMessages: 100_000,
  messagesPerUser: 500,
  messagesPerSender: 1_000,
  messagesPerPair: 100,
  maxDiversions: 5,
  product: 'Tandem',
};
