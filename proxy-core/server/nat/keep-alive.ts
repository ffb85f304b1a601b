/**
 * Pings to registered phones behind NATs, so that the way to them stays open, and an end to bindings of phones that are
 * gone (RFC 5626 §4.4 asks it of phones; those that do not are helped here). Pings are spread evenly over the interval.
 * A phone that never answered an OPTIONS is only kept open: its silence says nothing.
 */
import { buildRequest } from '../../sip/message/build.ts';
import type { SipResponse } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';
import type { Clock, Timer } from '../../sip/transaction/clock.ts';
import type { Hop, RandomHex } from '../../sip/transport/port.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { Settings } from '../settings.ts';
import type { Aor, Binding, LocationStore } from '../stores.ts';
import { bindingTarget } from '../targets.ts';
import type { PingPort } from './ports.ts';

export interface KeepAliveOptions {
  readonly settings: Pick<Settings, 'natPing' | 'natPingInterval' | 'natPingMisses' | 'product'>;
  readonly locations: LocationStore;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly log: ExchangeLog;
  readonly port: PingPort;
}

/** How long a slot of the wheel lasts, in ms, and how many pings leave in one: a burst holds up everything else. */
const SLOT_MS = 100;
const PINGS_IN_SLOT = 400;

const CRLF = '\r\n\r\n';

/** One way to a phone, which several registrations may share. */
interface Flow {
  readonly key: string;
  readonly hop: Hop;
  readonly callId: string;
  readonly aors: Set<Aor>;
  cseq: number;
  misses: number;
  isWaiting: boolean;
  hasAnswered: boolean;
}

export class KeepAlive {
  readonly #options: KeepAliveOptions;
  readonly #flows = new Map<string, Flow>();
  readonly #byCallId = new Map<string, Flow>();
  /** One list of flows for each slot of the interval. */
  readonly #wheel: Flow[][];
  #filled = 0;
  #at = 0;
  /** Those whose slot was too full. */
  #late: Flow[] = [];
  #timer: Timer | undefined;
  #expired = 0;

  constructor(options: KeepAliveOptions) {
    this.#options = options;
    const slots = Math.max(1, Math.round(options.settings.natPingInterval / SLOT_MS));
    this.#wheel = Array.from({ length: slots }, () => []);
  }

  /** How many ways are kept open, and how many bindings were given up so far. */
  get counts(): { readonly kept: number; readonly expired: number } {
    return { kept: this.#flows.size, expired: this.#expired };
  }

  /** A phone has registered, or its binding was read from the store. */
  watch(binding: Binding): void {
    if (!mayBeNated(binding)) return;
    const target = bindingTarget(binding);
    const hop = target?.isNated === true && binding.path.length === 0 ? target.hops?.[0] : undefined;
    if (hop === undefined || hop.transport !== 'UDP') return;
    const key = keyOf(binding);
    const known = this.#flows.get(key);
    if (known !== undefined) {
      known.aors.add(binding.aor);
      // It lives: it registered just now.
      known.misses = 0;
      known.isWaiting = false;
      return;
    }
    const callId = `ping-${this.#options.random(12)}`;
    const flow: Flow = {
      ...{ key, hop, callId, aors: new Set([binding.aor]), cseq: 0 },
      ...{ misses: 0, isWaiting: false, hasAnswered: false },
    };
    this.#flows.set(key, flow);
    this.#byCallId.set(callId, flow);
    this.#wheel[(this.#at + ++this.#filled) % this.#wheel.length]?.push(flow);
    this.#timer ??= this.#options.clock.after(SLOT_MS, this.#turn);
  }

  /** A response that belongs to no transaction; any answer to a ping is a sign of life. False where it is none. */
  heard(response: SipResponse): boolean {
    const flow = response.cseqMethod === 'OPTIONS' ? this.#byCallId.get(response.callId) : undefined;
    if (flow === undefined) return false;
    flow.isWaiting = false;
    flow.hasAnswered = true;
    flow.misses = 0;
    return true;
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  readonly #turn = (): void => {
    this.#at = (this.#at + 1) % this.#wheel.length;
    const due = this.#wheel[this.#at] ?? [];
    // Those that wait already are not queued twice.
    const waiting = this.#late.length === 0 ? due : [...new Set([...this.#late, ...due])];
    this.#late = waiting.slice(PINGS_IN_SLOT);
    const gone = new Set<Flow>();
    for (const flow of waiting.slice(0, PINGS_IN_SLOT)) {
      if (this.#flows.get(flow.key) === flow && !this.#ping(flow)) gone.add(flow);
    }
    for (const flow of gone) {
      this.#flows.delete(flow.key);
      this.#byCallId.delete(flow.callId);
    }
    this.#wheel[this.#at] = due.filter((flow) => this.#flows.get(flow.key) === flow);
    // Nobody to ping: nothing runs.
    this.#timer = this.#flows.size === 0 ? undefined : this.#options.clock.after(SLOT_MS, this.#turn);
  };

  /** False where the way has ended. */
  #ping(flow: Flow): boolean {
    const { settings, locations, clock, log } = this.#options;
    const now = clock.now();
    const isOn = (binding: Binding): boolean => keyOf(binding) === flow.key;
    let contact: string | undefined;
    for (const aor of flow.aors) {
      const binding = locations.lookup(aor, now).find(isOn);
      if (binding === undefined) flow.aors.delete(aor);
      else contact ??= binding.contact;
    }
    if (contact === undefined) return false;
    if (flow.isWaiting && flow.hasAnswered && ++flow.misses >= settings.natPingMisses) {
      for (const aor of flow.aors) {
        log.info('a phone behind a NAT is gone', { aor, received: flow.key, misses: flow.misses });
        const bindings = locations.lookup(aor, now);
        const kept = bindings.filter((binding) => !isOn(binding));
        this.#expired += bindings.length - kept.length;
        locations.replace(aor, kept).catch((cause: unknown) => log.error('could not end a binding', { aor, cause }));
      }
      return false;
    }
    if (settings.natPing === 'options') this.#sendOptions(flow, contact);
    else this.#options.port.bytes(CRLF, flow.hop);
    return true;
  }

  #sendOptions(flow: Flow, uri: string): void {
    flow.isWaiting = true;
    flow.cseq = (flow.cseq + 1) % 0x7fff_ffff;
    const [aor = 'ping@localhost'] = flow.aors;
    const domain = aor.slice(aor.lastIndexOf('@') + 1);
    this.#options.port.request(
      (via) =>
        buildRequest({
          ...{ method: 'OPTIONS', uri, via, cseq: flow.cseq, callId: flow.callId },
          from: `<sip:ping@${domain}>;tag=${flow.callId.slice(-8)}`,
          to: `<${uri}>`,
          headers: [[H.UserAgent, this.#options.settings.product]],
        }),
      flow.hop,
    );
  }
}

const keyOf = ({ received, listener }: Binding): string => `${received} ${listener}`;

/** A look at the text: false where the Contact plainly is the address that the REGISTER came from. */
function mayBeNated({ received, contact }: Binding): boolean {
  return received.startsWith('udp:') && !contact.includes(received.slice(4));
}
