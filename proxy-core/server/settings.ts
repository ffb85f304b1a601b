/** What an office may tune, with the values that it starts from. Times are in ms unless the name says seconds. */

/** How requests for others are handled (RFC 3261 §16.2, §16.11, §8.3). */
export type ExchangeMode = 'proxy' | 'redirect' | 'stateless';

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
  /** Subscriptions to events: of one subscriber, and of all. */
  readonly subscriptionsPerUser: number;
  readonly maxSubscriptions: number;
  /** How long an INVITE may ring without any news (RFC 3261 §16.6 step 11: more than three minutes). */
  readonly timerC: number;
  /** Server transactions, those included that only repeat their answer, beyond which new requests are put off with a 503. */
  readonly maxTransactions: number;
  /** Of one request: targets beyond this number are not tried. */
  readonly maxTargets: number;
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
  subscriptionsPerUser: 20,
  maxSubscriptions: 20_000,
  timerC: 181_000,
  maxTransactions: 50_000,
  maxTargets: 20,
  product: 'Tandem',
};
