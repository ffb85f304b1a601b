/** The media gateway: bridges the window's WebRTC on 127.0.0.1 to plain RTP at SIP peers, one session for each call. */
import { isIP } from 'node:net';
import type { Endpoint } from '../sip/sdp/index.ts';
import { type MediaClock, type RandomBelow, systemClock, systemRandom } from './clock.ts';
import { EchoEnd } from './echo.ts';
import type { IceServers } from './gathering.ts';
import type { WantedIce } from './peer-end.ts';
import type { WantedProtection } from './peer-protection.ts';
import { DEFAULT_PORTS, type PortRange } from './port-pair.ts';
import { failure, type MediaResult, MediaSession, type SessionOptions, type SessionStats } from './session.ts';
import type { SilenceCause } from './silence.ts';
import { type SoundWishes, usualSound } from './sound-wishes.ts';
import { type Certificate, createCertificate } from './window-transport.ts';

export interface MediaGatewayOptions {
  /** Our IP address that the peers of an account send sound to, by which of its lines; undefined when it has none now. */
  readonly localHost: (accountId: string, regId?: number) => string | undefined | Promise<string | undefined>;
  /** Whether the sound of an account's calls is protected, and how its own offers agree on keys. */
  readonly protection: (accountId: string) => WantedProtection;
  /** Whether an account's calls use ICE; where the peer offers it if not told. */
  readonly ice?: ((accountId: string) => WantedIce) | undefined;
  /** The codecs of an account's calls and the sound in a packet; all that we know if not told. */
  readonly sound?: ((accountId: string) => SoundWishes) | undefined;
  /** The STUN and TURN servers of an account's calls; none if not told. */
  readonly servers?: ((accountId: string, family: 4 | 6) => Promise<IceServers>) | undefined;
  /** Endpoints of this computer that no peer may have checks sent to: those of SIP. */
  readonly isReserved?: ((endpoint: Endpoint) => boolean) | undefined;
  /** Keeps every socket on 127.0.0.1 or ::1, whatever the account's address. */
  readonly loopback?: boolean | undefined;
  readonly clock?: MediaClock | undefined;
  readonly random?: RandomBelow | undefined;
  /** UDP ports for RTP and RTCP; both ends included. */
  readonly portRange?: PortRange | undefined;
}

export interface SilenceNotice {
  readonly sessionId: string;
  readonly silentMs: number;
  readonly cause: SilenceCause;
}

/** Candidates of ours that the peer of a call is to be told by INFO: all so far (RFC 8840 §4.4). */
export interface CandidateNotice {
  readonly sessionId: string;
  readonly fragment: string;
  /** Whether our last description did not tell all of them. */
  readonly isNews: boolean;
}

/** What one account wants of its calls. */
type Wishes = Pick<SessionOptions, 'protection' | 'ice' | 'servers' | 'sound'>;

/** More calls than one person can have: a window that asks for more is out of order. */
const MAX_SESSIONS = 64;

export class MediaGateway {
  readonly #options: MediaGatewayOptions;
  readonly #sessions = new Map<string, MediaSession>();
  /** The other sides of test calls, by session. */
  readonly #echoes = new Map<string, EchoEnd>();
  readonly #listeners = new Set<(notice: SilenceNotice) => void>();
  readonly #tellers = new Set<(notice: CandidateNotice) => void>();
  #certificate: Promise<Certificate> | undefined;

  constructor(options: MediaGatewayOptions) {
    this.#options = options;
  }

  /** Starts or changes a call from our side. 400 for a broken offer of the window, 500 without address or ports. */
  offer(args: {
    readonly sessionId: string;
    readonly accountId: string;
    readonly regId?: number | undefined;
    readonly webrtcOffer: string;
    /** The way to the peer is looked for anew. */
    readonly restart?: boolean | undefined;
  }): Promise<MediaResult<{ sipOffer: string }>> {
    return this.#withSession(args, (session, address) => session.offer(address, args.webrtcOffer, args.restart));
  }

  /** The peer's answer to that offer; may come again. 488 when it refuses the audio or cannot be reached. */
  async answer(args: {
    readonly sessionId: string;
    readonly sipAnswer: string;
    /** Whether the peer takes candidates by INFO. */
    readonly trickles?: boolean | undefined;
  }): Promise<MediaResult<{ webrtcAnswer: string }>> {
    const session = this.#sessions.get(args.sessionId);
    return session ? session.answer(args.sipAnswer, args.trickles) : failure(400, 'There is no such call');
  }

  /** An offer of the peer, first or later. 488 when nothing is in common. */
  accept(args: {
    readonly sessionId: string;
    readonly accountId: string;
    readonly webrtcOffer: string;
    readonly sipOffer: string;
    /** As in `answer`: nothing that servers may give is waited for then. */
    readonly trickles?: boolean | undefined;
  }): Promise<MediaResult<{ sipAnswer: string; webrtcAnswer: string }>> {
    const { webrtcOffer, sipOffer, trickles } = args;
    return this.#withSession(args, (session, address) => session.accept(address, webrtcOffer, sipOffer, trickles));
  }

  /** Candidates that the peer told by INFO, as they came; what is broken or of no call changes nothing. */
  hear(args: { readonly sessionId: string; readonly fragment: string }): void {
    this.#sessions.get(args.sessionId)?.hear(args.fragment);
  }

  /** A test call whose other side gives back what it hears, a second later. 500 without ports. */
  async echo(args: {
    readonly sessionId: string;
    readonly webrtcOffer: string;
  }): Promise<MediaResult<{ webrtcAnswer: string }>> {
    const { sessionId, webrtcOffer } = args;
    if (this.#sessions.has(sessionId)) return failure(400, 'There is such a call already');
    if (this.#sessions.size >= MAX_SESSIONS) return failure(500, 'There are too many calls');
    const session = this.#create(sessionId, {
      protection: { wanted: 'never', offered: 'sdes' },
      ice: 'never',
      sound: usualSound,
      servers: async () => ({}),
    });
    const made = await this.#answerItself(sessionId, session, webrtcOffer).catch((error: unknown) =>
      failure(500, error instanceof Error ? error.message : 'The test call failed'),
    );
    if (!made.ok) await this.close({ sessionId });
    return made;
  }

  async #answerItself(
    sessionId: string,
    session: MediaSession,
    webrtcOffer: string,
  ): Promise<MediaResult<{ webrtcAnswer: string }>> {
    const offered = await session.offer('127.0.0.1', webrtcOffer);
    if (!offered.ok) return offered;
    const { clock = systemClock, portRange = DEFAULT_PORTS, random = systemRandom } = this.#options;
    const end = await EchoEnd.open(clock, portRange, random);
    if (this.#sessions.get(sessionId) !== session) {
      await end.close();
      return failure(500, 'The call has ended');
    }
    this.#echoes.set(sessionId, end);
    return session.answer(end.answer(offered.sipOffer));
  }

  stats(args: { readonly sessionId: string }): SessionStats | null {
    return this.#sessions.get(args.sessionId)?.stats() ?? null;
  }

  /** Ends a call's media; its ports are free when this resolves. Unknown calls are passed over. */
  async close(args: { readonly sessionId: string }): Promise<void> {
    const session = this.#sessions.get(args.sessionId);
    const echo = this.#echoes.get(args.sessionId);
    this.#sessions.delete(args.sessionId);
    this.#echoes.delete(args.sessionId);
    await Promise.all([session?.close(), echo?.close()]);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((sessionId) => this.close({ sessionId })));
  }

  /**
   * Tells once when no packet came for 3 s while sound is expected (`never` since the last answer, or `stopped`), and
   * once when it came back. Gives back the unsubscriber.
   */
  onSilence(listener: (notice: SilenceNotice) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells what is to be told the peer of a call besides our descriptions. Gives back the unsubscriber. */
  onCandidates(listener: (notice: CandidateNotice) => void): () => void {
    this.#tellers.add(listener);
    return () => this.#tellers.delete(listener);
  }

  /** A session whose very first piece of work fails is not kept. */
  async #withSession<T>(
    {
      sessionId,
      accountId,
      regId,
    }: { readonly sessionId: string; readonly accountId: string; readonly regId?: number | undefined },
    work: (session: MediaSession, address: string) => Promise<MediaResult<T>>,
  ): Promise<MediaResult<T>> {
    const known = this.#sessions.get(sessionId);
    if (!known && this.#sessions.size >= MAX_SESSIONS) return failure(500, 'There are too many calls');
    // There before the address is, so that a call that ends meanwhile leaves nothing behind.
    const session = known ?? this.#create(sessionId, this.#wishesOf(accountId));
    const address = await this.#options.localHost(accountId, regId);
    const isUsable = address !== undefined && isIP(address) !== 0;
    const result = isUsable ? await work(session, address) : failure(500, 'The account has no connection');
    if (!result.ok && !known && this.#sessions.get(sessionId) === session) await this.close({ sessionId });
    return result;
  }

  #wishesOf(accountId: string): Wishes {
    return {
      protection: this.#options.protection(accountId),
      ice: this.#options.ice?.(accountId) ?? 'offered',
      sound: this.#options.sound?.(accountId) ?? usualSound,
      servers: async (family) => (await this.#options.servers?.(accountId, family)) ?? {},
    };
  }

  #create(sessionId: string, wishes: Wishes): MediaSession {
    const session = new MediaSession({
      clock: this.#options.clock ?? systemClock,
      random: this.#options.random ?? systemRandom,
      loopback: this.#options.loopback ?? false,
      ...wishes,
      isReserved: this.#options.isReserved ?? (() => false),
      ports: this.#options.portRange ?? DEFAULT_PORTS,
      certificate: () => this.#sharedCertificate(),
      onSilence: (cause, silentMs) => {
        for (const listener of this.#listeners) listener({ sessionId, silentMs, cause });
      },
      onCandidates: (fragment, isNews) => {
        for (const listener of this.#tellers) listener({ sessionId, fragment, isNews });
      },
    });
    this.#sessions.set(sessionId, session);
    return session;
  }

  /** One certificate for all calls of this run; a failed attempt is not kept. */
  #sharedCertificate(): Promise<Certificate> {
    this.#certificate ??= createCertificate().catch((error: unknown) => {
      this.#certificate = undefined;
      throw error;
    });
    return this.#certificate;
  }
}
