/** Which payload type of one side is which on the other, for sound and for telephone-event. */
import { type AgreedAudio, type AgreedCodec, type Codec, codecKey, isTelephoneEvent } from '../sip/sdp/index.ts';
import { EventScaler } from './telephone-event.ts';

export interface Route {
  readonly payloadType: number;
  /** The clock that timestamps of the stream count in. */
  readonly clockRate: number;
  /** Present for telephone-event. */
  readonly scaler: EventScaler | undefined;
  /** The source counts events on another clock than its sound. */
  readonly ownClock: boolean;
}

export interface PayloadMap {
  /** By the payload type that the peer sends. */
  readonly fromPeer: ReadonlyMap<number, Route>;
  /** By the payload type that the window sends. */
  readonly fromWindow: ReadonlyMap<number, Route>;
  /** What the window is told to use, in its own numbers; the first is the one it sends. */
  readonly windowCodecs: readonly Codec[];
}

/** Joins what was agreed with the peer to the codecs of the window's offer. */
export function payloadMap(agreed: AgreedAudio, offered: readonly Codec[]): PayloadMap {
  const fromPeer = new Map<number, Route>();
  const fromWindow = new Map<number, Route>();
  const windowCodecs: Codec[] = [];
  const claimed = new Set([...agreed.codecs, ...agreed.telephoneEvents].map((codec) => codec.receivePayloadType));
  const receive = (codec: AgreedCodec, route: Route): void => {
    fromPeer.set(codec.receivePayloadType, route);
    // Some peers send with the number that they asked for themselves.
    if (!claimed.has(codec.sendPayloadType)) fromPeer.set(codec.sendPayloadType, route);
  };

  for (const codec of agreed.codecs) {
    const window = offered.find((candidate) => codecKey(candidate) === codecKey(codec));
    if (!window) continue;
    const { clockRate } = codec;
    receive(codec, { payloadType: window.payloadType, clockRate, scaler: undefined, ownClock: false });
    fromWindow.set(window.payloadType, {
      payloadType: codec.sendPayloadType,
      clockRate,
      scaler: undefined,
      ownClock: false,
    });
    windowCodecs.push({ ...window, fmtp: codec.remoteFmtp });
  }

  const clockRate = windowCodecs[0]?.clockRate ?? 8000;
  const events = offered.filter(isTelephoneEvent);
  const window = events.find((event) => event.clockRate === clockRate) ?? events[0];
  const [peer] = agreed.telephoneEvents;
  if (window && peer) {
    const scaler = new EventScaler(window.clockRate, peer.clockRate);
    fromWindow.set(window.payloadType, { payloadType: peer.sendPayloadType, clockRate, scaler, ownClock: false });
    for (const event of agreed.telephoneEvents) {
      receive(event, {
        payloadType: window.payloadType,
        clockRate,
        scaler: new EventScaler(event.clockRate, window.clockRate),
        ownClock: event.clockRate !== clockRate,
      });
    }
    windowCodecs.push({ ...window, fmtp: '' });
  }
  return { fromPeer, fromWindow, windowCodecs };
}
