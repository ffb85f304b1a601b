/**
 * The calls whose media passes through us: which description names which stream, who may send into it, and when it ends
 * (RFC 3264, RFC 7362 §4). A call is one branch of an INVITE until it is answered, then one dialog.
 */
import type { SipMessage } from '../../sip/message/message.ts';
import type { RelayPeer } from '../../sip/sdp/relay-peer.ts';
import type { Clock, Timer } from '../../sip/transaction/clock.ts';
import type { Hop } from '../../sip/transport/port.ts';
import type { ExchangeLog } from '../exchange-log.ts';
import type { Settings } from '../settings.ts';
import { realmOf, sameAddress } from './addresses.ts';
import type { RelayPort, RelaySide, RelayStream } from './ports.ts';
import { type RelayLimits, type RelayPayer, RelayShares } from './relay-shares.ts';
import type { MediaPlace, OwnPlace, SdpBody } from './sdp-body.ts';

/** In a shorter call nobody may have said anything yet, in ms. */
const ONE_SIDE_MS = 5_000;
/** How often a call is looked at for signs of life, in ms. */
const WATCH_MS = 15_000;
/** Each takes four sockets: sound, picture, a shared screen, a fax. What is beyond finds its own way or none. */
const MAX_STREAMS = 4;
/** Early dialogs that one branch may begin; whoever makes up more loses the oldest. */
const MAX_DIALOGS = 16;

export interface RelayCallsOptions {
  readonly port: RelayPort;
  readonly clock: Clock;
  readonly log: ExchangeLog;
  readonly settings: RelayLimits & Pick<Settings, 'relaySilence' | 'relayHold'>;
}

export class RelayCalls {
  readonly options: RelayCallsOptions;
  readonly #dialogs = new Map<string, RelayCall>();
  readonly #open = new Set<RelayCall>();
  readonly #shares: RelayShares;
  #refused = 0;
  #overShare = 0;
  #silent = 0;

  constructor(options: RelayCallsOptions) {
    this.options = options;
    this.#shares = new RelayShares(options.settings);
  }

  /** Calls and ringing branches that hold ports now. */
  get active(): number {
    return this.#open.size;
  }

  /** How many calls found no room, how many of them since their caller had his share, and how many fell silent. */
  get faults(): { readonly refused: number; readonly overShare: number; readonly silent: number } {
    return { refused: this.#refused, overShare: this.#overShare, silent: this.#silent };
  }

  /** The call to whose dialog a message belongs. Costs nothing while no call is relayed. */
  find(message: SipMessage): RelayCall | undefined {
    const { to, from } = message;
    if (this.#open.size === 0 || to.tag === undefined) return undefined;
    return this.#dialogs.get(dialogKey(message.callId, from.tag, to.tag));
  }

  /** On whose account, and between whom; or why not. */
  open(payer: RelayPayer, callerTag: string | undefined, caller: Hop, callee: Hop): RelayCall | 'full' | 'share' {
    const taken = this.#shares.take(payer);
    if (taken !== 'taken') {
      if (taken === 'share') this.#overShare++;
      this.refuse(taken === 'share' ? `${payer.key} has ${payer.limit} already` : 'too many are in use');
      return taken;
    }
    const call = new RelayCall(this, payer, callerTag ?? '', caller, callee);
    this.#open.add(call);
    return call;
  }

  refuse(reason: string): void {
    this.#refused++;
    this.options.log.warn('a call could not be relayed', { reason });
  }

  /** `message` carries the tags of a dialog of this call. */
  name(call: RelayCall, message: SipMessage): void {
    if (message.to.tag === undefined || !this.#open.has(call)) return;
    const key = dialogKey(message.callId, message.from.tag, message.to.tag);
    if (!call.keys.has(key) && call.keys.size >= MAX_DIALOGS) {
      for (const oldest of call.keys) {
        call.keys.delete(oldest);
        this.#dialogs.delete(oldest);
        break;
      }
    }
    this.#dialogs.set(key, call);
    call.keys.add(key);
  }

  /** Gives the ports of a call back. */
  release(call: RelayCall, isSilent = false): void {
    if (!this.#open.delete(call)) return;
    this.#shares.give(call.payer);
    if (isSilent) this.#silent++;
    for (const key of call.keys) if (this.#dialogs.get(key) === call) this.#dialogs.delete(key);
    call.close();
  }

  close(): void {
    for (const call of [...this.#open]) this.release(call);
  }
}

/** The same for both directions. */
function dialogKey(callId: string, a = '', b = ''): string {
  return a < b ? `${callId}\n${a}\n${b}` : `${callId}\n${b}\n${a}`;
}

export class RelayCall {
  readonly payer: RelayPayer;
  readonly callerTag: string;
  readonly keys = new Set<string>();
  readonly #calls: RelayCalls;
  readonly #peers: Readonly<Record<RelaySide, Hop>>;
  readonly #streams: (RelayStream | undefined)[] = [];
  readonly #places: Record<RelaySide, readonly MediaPlace[]> = { caller: [], callee: [] };
  #timer: Timer | undefined;
  #since = 0;
  #isClosed = false;

  constructor(calls: RelayCalls, payer: RelayPayer, callerTag: string, caller: Hop, callee: Hop) {
    this.#calls = calls;
    this.payer = payer;
    this.callerTag = callerTag;
    this.#peers = { caller, callee };
  }

  /** Who of the two wrote a request. */
  sideOf(request: SipMessage): RelaySide {
    return request.from.tag === this.callerTag ? 'caller' : 'callee';
  }

  /**
   * What is to stand in a description on its way from `side` to the other; undefined where ports are lacking.
   * @param from the address that it came from.
   */
  pass(side: RelaySide, sdp: SdpBody, from: string): readonly (OwnPlace | undefined)[] | undefined {
    if (this.#isClosed) return undefined;
    const to: RelaySide = side === 'caller' ? 'callee' : 'caller';
    const own: (OwnPlace | undefined)[] = [];
    for (const [index, place] of sdp.media.entries()) {
      const isBeyond = index >= MAX_STREAMS && this.#streams[index] === undefined;
      if (place.port === 0 || !place.isDatagrams || isBeyond) {
        own.push(undefined);
        continue;
      }
      const { port } = this.#calls.options;
      const stream = this.#streams[index] ?? port.open(this.#peers.caller, this.#peers.callee);
      if (stream === undefined) {
        this.#calls.refuse('no ports are left');
        return undefined;
      }
      this.#streams[index] = stream;
      stream.announce(side, peerOf(place, from));
      own.push(stream.local(to));
    }
    this.#places[side] = sdp.media;
    return own;
  }

  /** Answered: from now on silence ends it. */
  watch(): void {
    if (this.#isClosed) return;
    const { clock } = this.#calls.options;
    this.#since = clock.now();
    this.#timer ??= clock.after(WATCH_MS, this.#look);
  }

  close(): void {
    if (!this.#isClosed) this.#tellOfOneSide();
    this.#isClosed = true;
    this.#timer?.cancel();
    for (const stream of this.#streams) stream?.close();
    this.#streams.length = 0;
  }

  /** A call in which one side was never heard: somebody complained, or will (`tandem why`). */
  #tellOfOneSide(): void {
    const { clock, log } = this.#calls.options;
    const ms = clock.now() - this.#since;
    if (this.#since === 0 || ms < ONE_SIDE_MS) return;
    const isMissing = (side: RelaySide): boolean =>
      this.#places[side].some(({ port, sends, isRtp }) => port !== 0 && sends && isRtp) &&
      !this.#streams.some((stream) => stream?.heard(side) === true);
    const [caller, callee] = [isMissing('caller'), isMissing('callee')];
    if (!caller && !callee) return;
    const callId = [...this.keys][0]?.split('\n')[0];
    const silent = caller && callee ? 'both' : caller ? 'caller' : 'callee';
    log.info('nothing was heard of a side of a relayed call', { callId, silent, ms });
  }

  readonly #look = (): void => {
    const { clock, settings, log } = this.#calls.options;
    let last = this.#since;
    for (const stream of this.#streams) last = Math.max(last, stream?.lastPacketAt ?? 0);
    const silentMs = clock.now() - last;
    if (silentMs < (this.#expectsMedia() ? settings.relaySilence : settings.relayHold)) {
      this.#timer = clock.after(WATCH_MS, this.#look);
      return;
    }
    log.info('a relayed call has fallen silent', { callId: [...this.keys][0]?.split('\n')[0], silentMs });
    this.#calls.release(this, true);
  };

  /** Whether anyone should be sending: not while all is on hold. */
  #expectsMedia(): boolean {
    const { caller, callee } = this.#places;
    return caller.some((place, index) => {
      const other = callee[index];
      if (other === undefined || place.port === 0 || other.port === 0) return false;
      return (place.sends && other.receives) || (other.sends && place.receives);
    });
  }
}

/** Whom to believe and where to send first, from what a description says and where its signalling comes from. */
function peerOf(place: MediaPlace, signalling: string): RelayPeer {
  const { address, port, isMuxed, isRtp } = place;
  if (address === undefined)
    return { rtp: undefined, rtcp: undefined, expected: signalling, isStrict: true, isMuxed, isRtp };
  // A private address that is not the one we see names somebody in another network: nothing is sent there, the first
  // packet tells (RFC 7362 §3).
  const isOpen = realmOf(address) === 'public' || sameAddress(address, signalling);
  const rtp = { address, port };
  const rtcp = { address: place.rtcpAddress ?? address, port: place.rtcpPort ?? port + 1 };
  return {
    rtp: isOpen ? rtp : undefined,
    rtcp: isOpen && rtcp.address === address ? (isMuxed ? rtp : rtcp) : undefined,
    expected: isOpen ? address : signalling,
    isStrict: isOpen,
    isMuxed,
    isRtp,
  };
}
