/** One call's media: turns the window's offers and the peer's descriptions into each other and into a running relay. */
import {
  type AgreedAudio,
  acceptAnswer,
  answerOffer,
  buildOffer,
  type Layout,
  type LocalAudio,
  mirrored,
  type Offer,
  parseDescription,
  readFragment,
  writeFragment,
} from '../sip/sdp/index.ts';
import { fingerprintOf } from './dtls/association.ts';
import type { IceSnapshot } from './ice/snapshot.ts';
import { Numbering } from './numbering.ts';
import { payloadMap } from './payload-map.ts';
import { PeerEnd, type PeerEndOptions } from './peer-end.ts';
import { freshKeys, type WantedProtection } from './peer-protection.ts';
import { unreachable, withReachableReports } from './peer-reach.ts';
import { MediaRelay, type RelayOptions, type RelayStats } from './relay.ts';
import { arranged, ptimeFor, type SoundWishes } from './sound-wishes.ts';
import { WindowLink } from './window-link.ts';
import { parseWindowOffer, type WindowOffer, writeWindowAnswer } from './window-sdp.ts';
import type { Certificate } from './window-transport.ts';

export interface MediaFailure {
  readonly ok: false;
  readonly status: 400 | 488 | 500;
  readonly reason: string;
}
export type MediaResult<T> = ({ readonly ok: true } & T) | MediaFailure;

export interface SessionOptions extends RelayOptions, PeerEndOptions {
  readonly protection: WantedProtection;
  readonly sound: SoundWishes;
  readonly certificate: () => Promise<Certificate>;
  /** Candidates of ours for the peer, besides our description; `isNews` where it does not know all of them yet. */
  readonly onCandidates: (fragment: string, isNews: boolean) => void;
}

export interface SessionStats extends RelayStats {
  /** Each candidate and pair with its fate; null where ICE is not in use. */
  readonly ice: IceSnapshot | null;
  /** ICE chose another way than the descriptions name, and it is ours to offer it (RFC 8839 §4.4). */
  readonly isOfferDue: boolean;
}

/** What a description is made from. */
interface Ready {
  readonly window: WindowOffer;
  readonly certificate: Certificate;
}

export const failure = (status: 400 | 488 | 500, reason: string): MediaFailure => ({ ok: false, status, reason });

export class MediaSession {
  readonly #options: SessionOptions;
  readonly #relay: MediaRelay;
  readonly #peer: PeerEnd;
  readonly #window: WindowLink;
  readonly #sessionId: string;
  readonly #numbering = new Numbering();
  readonly #keys = freshKeys();
  #version = 1;
  #lastSdp = '';
  #layout: Layout | undefined;
  /** Our offer that the peer has yet to answer, or has answered: later early answers replace the first. */
  #pending: { readonly offer: Offer; readonly window: WindowOffer; readonly certificate: Certificate } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#relay = new MediaRelay(options);
    this.#peer = new PeerEnd(options, this.#relay, (fragment, isNews) => {
      const mid = this.#mid;
      if (mid !== undefined) options.onCandidates(writeFragment(fragment, mid), isNews);
    });
    this.#window = new WindowLink(options.random, {
      rtp: (packet) => this.#relay.windowRtp(packet),
      rtcp: (data) => this.#relay.windowRtcp(data),
    });
    this.#sessionId = String(options.random(2 ** 47));
  }

  /** A first or later offer to the peer; `address` is our own on the way to it. What runs goes on until it is answered. */
  offer(address: string, webrtcOffer: string, restart = false): Promise<MediaResult<{ sipOffer: string }>> {
    return this.#inTurn(async () => {
      const ready = await this.#prepare(address, webrtcOffer);
      if (!ready.ok) return ready;
      const codecs = this.#numbering.offered(ready.window.codecs);
      this.#peer.beforeOffer(restart);
      const offer = this.#versioned((version) => buildOffer(this.#local(ready, codecs, version, true), this.#layout));
      this.#pending = { offer, window: ready.window, certificate: ready.certificate };
      return { ok: true, sipOffer: offer.sdp };
    });
  }

  /**
   * The peer's answer to the last offer; a further one replaces it. Refused answers change nothing.
   * @param trickles whether it takes and sends candidates by INFO
   */
  answer(sipAnswer: string, trickles = false): Promise<MediaResult<{ webrtcAnswer: string }>> {
    return this.#inTurn(async () => {
      const pending = this.#pending;
      if (!pending) return failure(400, 'There is no offer that this could answer');
      const agreed = acceptAnswer(pending.offer, sipAnswer);
      if (!agreed.ok) return failure(agreed.error.status, agreed.error.reason);
      const webrtcAnswer = this.#establish(agreed.value, pending.window, pending.certificate, trickles);
      if (typeof webrtcAnswer !== 'string') return webrtcAnswer;
      this.#numbering.keep(pending.offer.local.codecs);
      this.#peer.tellMore();
      return { ok: true, webrtcAnswer };
    });
  }

  /** A first or later offer from the peer. Refused offers change nothing. @param trickles as with `answer`. */
  accept(
    address: string,
    webrtcOffer: string,
    sipOffer: string,
    trickles = false,
  ): Promise<MediaResult<{ sipAnswer: string; webrtcAnswer: string }>> {
    return this.#inTurn(async () => {
      const canTellLater = trickles && this.#options.ice !== 'never' && offersTrickle(sipOffer);
      const ready = await this.#prepare(address, webrtcOffer, canTellLater);
      if (!ready.ok) return ready;
      const answered = answerOffer(sipOffer, this.#local(ready, ready.window.codecs, this.#version));
      if (!answered.ok) return failure(answered.error.status, answered.error.reason);
      const { agreed } = answered.value;
      this.#peer.beforeAnswer(agreed.remote);
      const webrtcAnswer = this.#establish(agreed, ready.window, ready.certificate, trickles);
      if (typeof webrtcAnswer !== 'string') return webrtcAnswer;
      this.#pending = undefined;
      this.#numbering.keep(
        [...agreed.codecs, ...agreed.telephoneEvents].map((codec) => ({
          ...codec,
          payloadType: codec.receivePayloadType,
          fmtp: codec.remoteFmtp,
        })),
      );
      const { sdp } = this.#versioned((version) => {
        const again = answerOffer(sipOffer, this.#local(ready, ready.window.codecs, version));
        return again.ok ? again.value : answered.value;
      });
      this.#peer.tellMore();
      return { ok: true, sipAnswer: sdp, webrtcAnswer };
    });
  }

  stats(): SessionStats {
    return { ...this.#relay.stats(), ice: this.#peer.snapshot(), isOfferDue: this.#peer.isOfferDue };
  }

  /** Candidates that the peer found later; what is broken, or of something else, changes nothing. */
  hear(fragment: string): void {
    const mid = this.#mid;
    const read = mid === undefined || this.#closed ? undefined : readFragment(fragment, mid);
    if (read?.ok) this.#peer.hear(read.value);
  }

  /** What the line of the sound is called, in the descriptions that stand or else in the one that is out. */
  get #mid(): string | undefined {
    return (this.#layout ?? this.#pending?.offer.layout)?.mid;
  }

  /** Lets go of every socket and timer, at once or as soon as what is being opened is open. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#peer.giveUp();
    await this.#queue;
    this.#relay.close();
    await Promise.all([this.#peer.close(), this.#window.close()]);
  }

  /** One piece of work at a time, in the order in which they were asked for; faults become a 500. */
  #inTurn<T>(work: () => Promise<MediaResult<T>>): Promise<MediaResult<T>> {
    const done = this.#queue.then(async (): Promise<MediaResult<T>> => {
      if (this.#closed) return failure(500, 'The call has ended');
      try {
        const result = await work();
        return this.#closed ? failure(500, 'The call has ended') : result;
      } catch (error) {
        return failure(500, error instanceof Error ? error.message : 'The media gateway failed');
      }
    });
    this.#queue = done;
    return done;
  }

  async #prepare(address: string, webrtcOffer: string, peerTrickles?: boolean): Promise<MediaResult<Ready>> {
    const parsed = parseWindowOffer(webrtcOffer);
    if (!parsed.ok) return failure(400, parsed.error);
    const codecs = arranged(parsed.value.codecs, this.#options.sound);
    if (codecs.length === 0) return failure(488, 'None of the codecs that are on can be used');
    const window = { ...parsed.value, codecs };
    await this.#peer.open(address, peerTrickles);
    await this.#window.follow(window, this.#options.certificate, (transport) => this.#relay.attachWindow(transport));
    return { ok: true, window, certificate: await this.#options.certificate() };
  }

  #local(ready: Ready, codecs: LocalAudio['codecs'], version: number, isOffer = false): LocalAudio {
    const { window, certificate } = ready;
    const { direction } = window;
    const { sound } = this.#options;
    const protection = {
      ...this.#options.protection,
      keys: this.#keys,
      fingerprint: fingerprintOf(certificate),
      role: this.#relay.dtlsRole,
    };
    const sessionId = this.#sessionId;
    return { ...this.#peer.describe(isOffer), sessionId, version, direction, codecs, ptime: sound.ptime, protection };
  }

  /** Puts what was agreed into force and gives the answer for the window, or says why the peer cannot be reached. */
  #establish(
    agreed: AgreedAudio,
    offer: WindowOffer,
    certificate: Certificate,
    trickles: boolean,
  ): string | MediaFailure {
    const [address, window] = [this.#peer.address, this.#window.current];
    if (address === undefined || !window) return failure(500, 'The call has no sockets');
    const { loopback } = this.#options;
    const why = unreachable(agreed.remote, address, loopback);
    if (why !== undefined) return failure(488, why);
    const map = payloadMap(agreed, offer.codecs);
    const remote = withReachableReports(agreed.remote, address, loopback);
    this.#peer.agree(remote, trickles);
    this.#relay.apply({ ...agreed, remote }, map, certificate);
    this.#layout = agreed.layout;
    return writeWindowAnswer(offer, {
      sessionId: window.sdpId,
      ice: window.transport.local,
      direction: mirrored(agreed.direction),
      codecs: map.windowCodecs,
      ptime: ptimeFor(agreed, this.#options.sound),
      ssrc: this.#relay.windowSsrc,
    });
  }

  /** The same description keeps its version, a changed one gets the next (RFC 3264 §8). */
  #versioned<T extends { readonly sdp: string }>(write: (version: number) => T): T {
    let written = write(this.#version);
    if (this.#lastSdp !== '' && written.sdp !== this.#lastSdp) written = write(++this.#version);
    this.#lastSdp = written.sdp;
    return written;
  }
}

/** Whether an offer's writer tells and takes candidates later; what cannot be read is refused elsewhere. */
function offersTrickle(sipOffer: string): boolean {
  const parsed = parseDescription(sipOffer);
  const ice = parsed.ok ? parsed.value.audio?.ice : undefined;
  return typeof ice === 'object' && ice.trickles === true;
}
