/** One call's media: turns the window's offers and the peer's descriptions into each other and into a running relay. */
import {
  type AgreedAudio,
  acceptAnswer,
  addressFamily,
  answerOffer,
  buildOffer,
  type Endpoint,
  type Layout,
  type LocalAudio,
  mirrored,
  type Offer,
} from '../sip/sdp/index.ts';
import { fingerprintOf } from './dtls/association.ts';
import { type Gathered, Gathering, type IceServers } from './gathering.ts';
import { isSameEndpoint } from './ice/candidate.ts';
import type { IceSnapshot } from './ice/snapshot.ts';
import { Numbering } from './numbering.ts';
import { payloadMap } from './payload-map.ts';
import { PeerIce } from './peer-ice.ts';
import { freshKeys, type WantedProtection } from './peer-protection.ts';
import { openPortPair, type PortPair, type PortRange } from './port-pair.ts';
import { MediaRelay, type RelayOptions, type RelayStats } from './relay.ts';
import { arranged, ptimeFor, type SoundWishes } from './sound-wishes.ts';
import { parseWindowOffer, type WindowOffer, writeWindowAnswer } from './window-sdp.ts';
import { type Certificate, createCertificate, WindowTransport } from './window-transport.ts';

export interface MediaFailure {
  readonly ok: false;
  readonly status: 400 | 488 | 500;
  readonly reason: string;
}
export type MediaResult<T> = ({ readonly ok: true } & T) | MediaFailure;

export interface SessionOptions extends RelayOptions {
  readonly loopback: boolean;
  readonly protection: WantedProtection;
  readonly ice: WantedIce;
  readonly sound: SoundWishes;
  /** Asked for each new pair of sockets. */
  readonly servers: (family: 4 | 6) => Promise<IceServers>;
  /** What no check may be sent to, although a peer names it. */
  readonly isReserved: (endpoint: Endpoint) => boolean;
  readonly ports: PortRange;
  readonly certificate: () => Promise<Certificate>;
}

export interface SessionStats extends RelayStats {
  /** Each candidate and pair with its fate; null where ICE is not in use. */
  readonly ice: IceSnapshot | null;
  /** ICE chose another way than the descriptions name, and it is ours to offer it (RFC 8839 §4.4). */
  readonly isOfferDue: boolean;
}

/** ICE never; where the peer offers it; or in our own offers too. */
export type WantedIce = 'never' | 'offered' | 'always';

/** What a description is made from. */
interface Ready {
  readonly window: WindowOffer;
  readonly ports: PortPair;
  readonly certificate: Certificate;
}

const NOTHING: Gathered = { mapped: {}, relayed: [] };

export const failure = (status: 400 | 488 | 500, reason: string): MediaFailure => ({ ok: false, status, reason });

export class MediaSession {
  readonly #options: SessionOptions;
  readonly #relay: MediaRelay;
  readonly #sessionId: string;
  readonly #numbering = new Numbering();
  readonly #keys = freshKeys();
  #version = 1;
  #lastSdp = '';
  #layout: Layout | undefined;
  #ports: PortPair | undefined;
  #ice: PeerIce | undefined;
  #gathering: Gathering | undefined;
  #gathered: Gathered = NOTHING;
  #window: { readonly transport: WindowTransport; readonly offer: WindowOffer; readonly sdpId: string } | undefined;
  /** Our offer that the peer has yet to answer, or has answered: later early answers replace the first. */
  #pending: { readonly offer: Offer; readonly window: WindowOffer; readonly certificate: Certificate } | undefined;
  /** The ends of the sound by the last descriptions, as long as those do not name what ICE chose. */
  #named: { readonly ours: Endpoint | undefined; readonly theirs: Endpoint | undefined } | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#relay = new MediaRelay(options);
    this.#sessionId = String(options.random(2 ** 47));
  }

  /** A first or later offer to the peer; `address` is our own on the way to it. What runs goes on until it is answered. */
  offer(address: string, webrtcOffer: string, restart = false): Promise<MediaResult<{ sipOffer: string }>> {
    return this.#inTurn(async () => {
      const ready = await this.#prepare(address, webrtcOffer);
      if (!ready.ok) return ready;
      const codecs = this.#numbering.offered(ready.window.codecs);
      const before = this.#ice;
      if (this.#offersIce && this.#iceOn(ready.ports, true) === before && restart) before.restart();
      const offer = this.#versioned((version) => buildOffer(this.#local(ready, codecs, version, true), this.#layout));
      this.#pending = { offer, window: ready.window, certificate: ready.certificate };
      return { ok: true, sipOffer: offer.sdp };
    });
  }

  /** The peer's answer to the last offer; a further one replaces it. Refused answers change nothing. */
  answer(sipAnswer: string): Promise<MediaResult<{ webrtcAnswer: string }>> {
    return this.#inTurn(async () => {
      const pending = this.#pending;
      if (!pending) return failure(400, 'There is no offer that this could answer');
      const agreed = acceptAnswer(pending.offer, sipAnswer);
      if (!agreed.ok) return failure(agreed.error.status, agreed.error.reason);
      const webrtcAnswer = this.#establish(agreed.value, pending.window, pending.certificate);
      if (typeof webrtcAnswer !== 'string') return webrtcAnswer;
      this.#numbering.keep(pending.offer.local.codecs);
      return { ok: true, webrtcAnswer };
    });
  }

  /** A first or later offer from the peer. Refused offers change nothing. */
  accept(
    address: string,
    webrtcOffer: string,
    sipOffer: string,
  ): Promise<MediaResult<{ sipAnswer: string; webrtcAnswer: string }>> {
    return this.#inTurn(async () => {
      const ready = await this.#prepare(address, webrtcOffer);
      if (!ready.ok) return ready;
      const answered = answerOffer(sipOffer, this.#local(ready, ready.window.codecs, this.#version));
      if (!answered.ok) return failure(answered.error.status, answered.error.reason);
      const { agreed } = answered.value;
      const { ice } = agreed.remote;
      if (typeof ice === 'object' && this.#options.ice !== 'never') this.#iceOn(ready.ports, false).prepareFor(ice);
      const webrtcAnswer = this.#establish(agreed, ready.window, ready.certificate);
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
      return { ok: true, sipAnswer: sdp, webrtcAnswer };
    });
  }

  stats(): SessionStats {
    const ice = this.#ice?.isRunning ? this.#ice.snapshot() : null;
    return { ...this.#relay.stats(), ice, isOfferDue: this.#isOfferDue };
  }

  get #isOfferDue(): boolean {
    const chosen = this.#ice?.chosen;
    if (!chosen?.isOurs || this.#named === undefined) return false;
    return !isSameEndpoint(chosen.rtp, this.#named.ours) || !isSameEndpoint(chosen.remote, this.#named.theirs);
  }

  /** Lets go of every socket and timer, at once or as soon as what is being opened is open. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#gathering?.close();
    await this.#queue;
    this.#relay.close();
    this.#ice?.close();
    const [ports, window] = [this.#ports, this.#window];
    this.#ports = undefined;
    this.#window = undefined;
    await Promise.all([ports?.close(), window?.transport.close()]);
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

  async #prepare(address: string, webrtcOffer: string): Promise<MediaResult<Ready>> {
    const parsed = parseWindowOffer(webrtcOffer);
    if (!parsed.ok) return failure(400, parsed.error);
    const codecs = arranged(parsed.value.codecs, this.#options.sound);
    if (codecs.length === 0) return failure(488, 'None of the codecs that are on can be used');
    const window = { ...parsed.value, codecs };
    const ports = await this.#portsOn(this.#options.loopback ? loopbackLike(address) : address);
    await this.#transportFor(window);
    return { ok: true, window, ports, certificate: await this.#options.certificate() };
  }

  /** The pair of this call; a new one when our address changed, as after a change of network. */
  async #portsOn(address: string): Promise<PortPair> {
    const current = this.#ports;
    if (current?.address === address) return current;
    const ports = await openPortPair(address, this.#options.ports, this.#options.random);
    this.#ports = ports;
    this.#gathering?.close();
    this.#relay.attachPorts(ports);
    await current?.close();
    this.#gathered = NOTHING;
    this.#gathered = await this.#gather(ports);
    return ports;
  }

  /** In our own offers where it is wanted, or a server told an address; in later ones as before. */
  get #offersIce(): boolean {
    const { ice } = this.#options;
    const hasMore = this.#gathered.mapped.rtp !== undefined || this.#gathered.relayed.length > 0;
    return ice === 'always' || (ice === 'offered' && hasMore) || this.#ice?.isRunning === true;
  }

  async #gather(ports: PortPair): Promise<Gathered> {
    const { clock, random } = this.#options;
    const servers = await this.#options.servers(addressFamily(ports.address) === 6 ? 6 : 4);
    if (this.#closed || !(servers.stun || servers.turn)) return NOTHING;
    this.#gathering = new Gathering({ clock, random, ports, servers });
    return this.#gathering.gather();
  }

  /** The one of these sockets. @param isControlling whose offer it begins with (RFC 8445 §6.1.1). */
  #iceOn(ports: PortPair, isControlling: boolean): PeerIce {
    if (this.#ice?.ports === ports) return this.#ice;
    this.#ice?.close();
    const { clock, random, isReserved } = this.#options;
    this.#ice = new PeerIce({ clock, random, ports, isControlling, isReserved, gathered: this.#gathered });
    this.#relay.attachIce(this.#ice);
    return this.#ice;
  }

  /** Begins, goes on with, or gives up ICE, as the peer's description says. */
  #agreeIce({ ice, rtcpMux }: AgreedAudio['remote']): void {
    if (typeof ice === 'object' && this.#ice) this.#ice.agree(ice, rtcpMux);
    else {
      this.#ice?.close();
      this.#ice = undefined;
      this.#relay.attachIce(undefined);
    }
  }

  /** Later offers of one peer connection stay on its transport; another connection or an ICE restart gets its own. */
  async #transportFor(offer: WindowOffer): Promise<void> {
    const current = this.#window;
    const isSame =
      current?.offer.iceUfrag === offer.iceUfrag &&
      current.offer.icePassword === offer.icePassword &&
      current.offer.fingerprint.value === offer.fingerprint.value;
    if (isSame) return;
    // Another fingerprint than before is what makes a browser shake hands again after an ICE restart.
    const certificate = current ? await createCertificate() : await this.#options.certificate();
    const transport = await WindowTransport.open(offer, certificate, {
      rtp: (packet) => this.#relay.windowRtp(packet),
      rtcp: (data) => this.#relay.windowRtcp(data),
    });
    const sdpId = String(this.#options.random(2 ** 47));
    this.#window = { transport, offer, sdpId };
    this.#relay.attachWindow(transport);
    await current?.transport.close();
  }

  #local(ready: Ready, codecs: LocalAudio['codecs'], version: number, isOffer = false): LocalAudio {
    const { ports, window, certificate } = ready;
    const { mapped } = this.#gathered;
    const chosen = this.#ice?.chosen;
    const { address, port } = chosen?.rtp ?? mapped.rtp ?? ports;
    const rtcp = chosen ? chosen.rtcp : mapped.rtcp;
    // Told once, whatever the peer makes of it.
    this.#named = chosen ? undefined : { ours: { address, port }, theirs: undefined };
    const { direction } = window;
    const { sound } = this.#options;
    const protection = {
      ...this.#options.protection,
      keys: this.#keys,
      fingerprint: fingerprintOf(certificate),
      role: this.#relay.dtlsRole,
    };
    const ice = this.#ice?.describe(isOffer);
    const sessionId = this.#sessionId;
    return { sessionId, version, address, port, rtcp, direction, codecs, ptime: sound.ptime, protection, ice };
  }

  /** Puts what was agreed into force and gives the answer for the window, or says why the peer cannot be reached. */
  #establish(agreed: AgreedAudio, offer: WindowOffer, certificate: Certificate): string | MediaFailure {
    const [ports, window] = [this.#ports, this.#window];
    if (!ports || !window) return failure(500, 'The call has no sockets');
    const remote = agreed.remote.rtp?.address;
    if (remote !== undefined && addressFamily(remote) !== addressFamily(ports.address)) {
      return failure(488, 'The peer uses another version of IP for its audio');
    }
    if (remote !== undefined && this.#options.loopback && !remote.startsWith('127.') && remote !== '::1') {
      return failure(488, 'Only audio on this computer is allowed');
    }
    const map = payloadMap(agreed, offer.codecs);
    if (this.#named) this.#named = { ours: this.#named.ours, theirs: agreed.remote.rtp };
    this.#agreeIce(agreed.remote);
    this.#relay.apply(agreed, map, certificate);
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

const loopbackLike = (address: string): string => (address.includes(':') ? '::1' : '127.0.0.1');
