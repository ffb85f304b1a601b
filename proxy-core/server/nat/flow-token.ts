/**
 * The way back to a phone behind a NAT as a parameter of its Contact, as Kamailio's `;alias`: the other side hands it
 * back in the Request-URI, and the exchange, which takes it off again, knows where to send. Nothing is kept per call, so
 * it outlives a restart; it is signed, so that nobody can make us send to where we never heard anyone. It ends with time:
 * a router gives the same port to somebody else some day. Each request that refreshes the target brings a new one.
 */
import type { SipUri } from '../../sip/grammar/uri.ts';
import type { FlowId, Hop, TransportName } from '../../sip/transport/port.ts';

/** Name of the parameter in the Contact's URI. */
export const FLOW_PARAM = 'nat';

const TRANSPORTS: readonly TransportName[] = ['UDP', 'TCP', 'TLS', 'WS', 'WSS'];
/** What may stand in a URI parameter without an escape (RFC 3261 §25.1), our own separator apart. */
const PLAIN = /^[-\w.!*'()[\]/:&+$]*$/;
const PLACE = /^([a-z]{2,3})~([0-9a-fA-F:.]{2,45})~(\d{1,5})~([^~]{0,80})~([^~]{0,80})~([0-9a-z]{1,7})~([0-9a-f]{16})$/;
const HOUR_MS = 3_600_000;
/** How long a way is believed: longer than a call without any refresh. */
const LIFE_HOURS = 48;

export class FlowTokens {
  readonly #secret: string;
  readonly #hash: (bytes: string) => string;
  readonly #now: () => number;

  /** `secret` must survive restarts; `hash` gives SHA-256 in hex; `now` ms since 1970. */
  constructor(secret: string, hash: (bytes: string) => string, now: () => number) {
    this.#secret = secret;
    this.#hash = hash;
    this.#now = now;
  }

  /** Undefined where the way cannot be written down. */
  make({ transport, host, port, listener = '', flow }: Hop): string | undefined {
    // A datagram's flow is its addresses; a connection has a name.
    const connection = transport === 'UDP' || flow === undefined || !PLAIN.test(flow) ? '' : flow;
    if (!PLAIN.test(listener) || !PLAIN.test(host)) return undefined;
    const place = `${transport.toLowerCase()}~${host}~${port}~${listener}~${connection}~${this.#hour.toString(36)}`;
    return `${place}~${this.#sign(place)}`;
  }

  /** The way that we wrote into this URI; undefined where there is none, it is too old, or another made it up. */
  read(uri: SipUri): Hop | undefined {
    const token = uri.param(FLOW_PARAM);
    const match = token === undefined ? null : PLACE.exec(token);
    if (token === undefined || match === null) return undefined;
    const [, name = '', host = '', port = '', listener = '', flow = '', made = '', signature = ''] = match;
    const transport = TRANSPORTS.find((known) => known.toLowerCase() === name);
    if (transport === undefined || signature !== this.#sign(token.slice(0, -17))) return undefined;
    // Our clock may have been set back.
    if (Math.abs(this.#hour - Number.parseInt(made, 36)) > LIFE_HOURS) return undefined;
    return {
      ...{ transport, host, port: Number(port) },
      ...(listener !== '' && { listener }),
      ...(flow !== '' && { flow: flow as FlowId }),
    };
  }

  get #hour(): number {
    return Math.floor(this.#now() / HOUR_MS);
  }

  #sign(place: string): string {
    return this.#hash(`nat\n${this.#secret}\n${place}`).slice(0, 16);
  }
}
