/**
 * What the softphone tells the outside: plain, immutable snapshots. The store keeps the latest, React reads them,
 * and nobody changes them.
 */
import type { ColleagueState } from '../../../proxy-core/sip/bodies/colleagues.ts';
import type { Replaces } from '../../../proxy-core/sip/dialog/replaces.ts';
import type { CertificateProblem } from '../../shared/connection-settings.ts';
import type { QualitySummary } from '../../shared/history.ts';
import type { IceView } from '../../shared/phone-port.ts';
import type { SignalTransport } from '../../shared/server-address.ts';
import type { IncomingMessage, OutState } from '../../shared/text-message.ts';

export type AccountState =
  | { readonly state: 'signed-out' }
  | { readonly state: 'registering' }
  | { readonly state: 'registered'; readonly expiresAt: number }
  /** Without a registrar: `address` (`host:port`) is where others call it. */
  /** `alsoAt`: by IPv6. */
  | { readonly state: 'listening'; readonly address: string; readonly alsoAt?: string }
  /** `reason` is one sentence; `retryAt` (ms since 1970) when the next attempt comes by itself, else a person must act. */
  | {
      readonly state: 'failed';
      readonly reason: string;
      readonly retryAt?: number;
      readonly wrongPassword?: boolean;
      /** The server was there, but is not believed; a person may decide to. */
      readonly certificate?: CertificateProblem;
    };

/** A connection to a server of the account that is registered. */
export interface ConnectedBy {
  readonly transport: SignalTransport;
  readonly host: string;
  readonly port: number;
}

export interface AccountSnapshot {
  readonly id: string;
  readonly number: string;
  readonly displayName: string;
  /** Address of record, such as `sip:1001@office.example`. */
  readonly aor: string;
  /** The domain that numbers are called at; empty for an account that calls whole addresses only. */
  readonly domain: string;
  readonly registration: AccountState;
  /** The connections that are registered, none to two. */
  readonly connectedBy: readonly ConnectedBy[];
  /** What is wrong with the certificate of a server, also where another one is registered with. */
  readonly certificate: CertificateProblem | undefined;
  /** Why a STUN or TURN server of the account is not used, as a sentence; empty where nothing is wrong. */
  readonly soundTrouble: string;
}

/** `calling`: INVITE sent; `ringing`: 180 or 183 came; `incoming`: it rings here; `connecting`: answered, sound being set up. */
export type CallState = 'calling' | 'ringing' | 'incoming' | 'connecting' | 'active' | 'ended';

/** One direction of the sound, over the last seconds. */
export interface SoundFigures {
  readonly lossPercent: number;
  readonly jitterMs: number;
  /** 1 to 4.4 (ITU-T G.107): what a person would say to it. */
  readonly mos: number;
}

export interface CallQuality {
  readonly codec: string;
  /** What protects the sound towards the peer, by its technical name; empty where nothing does. */
  readonly protection: string;
  readonly received: number;
  readonly sent: number;
  readonly lost: number;
  readonly jitterMs: number;
  /** How the way for sound is found; null where the other side has no ICE. */
  readonly ice: IceView | null;
  /** What is heard here; null while nothing came. */
  readonly here: SoundFigures | null;
  /** What the other side hears, as it reports; null where it reports nothing. */
  readonly there: SoundFigures | null;
  readonly roundTripMs: number | null;
}

/** `fault` ends a sentence on what is wrong with a recording that was read again after the call; undefined where nothing is. */
export type RecordingView =
  | { readonly state: 'on'; readonly since: number; readonly id: string; readonly name: string }
  | { readonly state: 'checking'; readonly id: string; readonly name: string }
  | {
      readonly state: 'kept';
      readonly id: string;
      readonly name: string;
      readonly seconds: number;
      readonly fault?: string;
    }
  | { readonly state: 'failed'; readonly reason: string; readonly id?: string; readonly name?: string };

export interface CallSnapshot {
  readonly id: string;
  readonly accountId: string;
  readonly direction: 'outgoing' | 'incoming';
  readonly state: CallState;
  readonly peer: { readonly name: string; readonly number: string; readonly uri: string };
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly answeredAt?: number;
  readonly endedAt?: number;
  readonly muted: boolean;
  /** On hold here. */
  readonly held: boolean;
  /** The peer put us on hold. */
  readonly heldByPeer: boolean;
  /** One of those who talk together. */
  readonly inConference: boolean;
  /** Digits sent in this call so far. */
  readonly digits: string;
  /** How it came here, such as "Forwarded by 1005, who was busy". */
  readonly detour?: string;
  /** Its signalling is protected on every hop (`sips:`). */
  readonly secure?: true;
  /** The other side is being handed on: "Ringing 1003…". */
  readonly transferring?: string;
  /** Something that only the person may decide, as one sentence; see `consent`. */
  readonly question?: string;
  /** Since when its connection is broken and being restored, in ms since 1970. */
  readonly reconnecting?: number;
  /** Why it ended, or what is wrong while it lasts ("No sound arrives from the other side"), as one sentence. */
  readonly notice?: string;
  readonly quality?: CallQuality;
  readonly recording?: RecordingView;
  /** How it sounded on the whole, once it is over. */
  readonly summary?: QualitySummary;
}

/** `unknown`: the server does not tell, or has not yet. */
export type PersonState = ColleagueState;

/** A call that rings at somebody else's phone: calling `target` with `replaces` picks it up. */
export interface RingingCall {
  readonly caller: string;
  readonly target: string;
  readonly replaces: Replaces;
}

/** Somebody whom an account watches. */
export interface PersonSnapshot {
  readonly accountId: string;
  /** As it was typed. */
  readonly target: string;
  readonly number: string;
  /** May be empty. */
  readonly name: string;
  readonly state: PersonState;
  /** What he says of himself; may be empty. */
  readonly note: string;
  readonly ringing?: RingingCall;
  /** Why nothing is known, as one sentence. */
  readonly problem?: string;
}

/** Everybody of the office that an account belongs to. */
export interface OfficeSnapshot {
  readonly accountId: string;
  /** As the office calls it. */
  readonly domain: string;
  /** The same list until somebody comes, goes, or is named otherwise. */
  readonly people: readonly { readonly number: string; readonly name: string }[];
  /** How each is, by number; empty while nobody tells. */
  readonly lamps: ReadonlyMap<string, PersonState>;
}

/** A call that this user has on another device: calling `target` with `replaces` takes it over. */
export interface ElsewhereCall {
  readonly accountId: string;
  readonly id: string;
  readonly peer: { readonly name: string; readonly number: string; readonly uri: string };
  readonly replaces: Replaces;
}

/** A device, besides this one, on which the account's user is signed in. */
export interface OwnDevice {
  /** Among those of its account. */
  readonly id: string;
  /** No other one of them has it, as far as anything tells them apart. */
  readonly name: string;
}

/** The other devices of an account's user. */
export interface AccountDevices {
  readonly accountId: string;
  readonly devices: readonly OwnDevice[];
}

/** What waits in an account's mailbox. */
export interface MailboxSnapshot {
  readonly accountId: string;
  readonly isWaiting: boolean;
  /** Voice messages; both are 0 where the server counts none. */
  readonly fresh: number;
  readonly old: number;
}

/** What the servers tell the accounts of others, and of their mailboxes. */
export interface NewsSnapshot {
  readonly people: readonly PersonSnapshot[];
  readonly mailboxes: readonly MailboxSnapshot[];
  /** Absent where nobody tells. */
  readonly elsewhere?: readonly ElsewhereCall[];
  /** Of the accounts that have a call, where their server tells. */
  readonly devices?: readonly AccountDevices[];
  readonly offices?: readonly OfficeSnapshot[];
}

/** What has become of a message that was sent. */
export interface MessageFate {
  readonly accountId: string;
  readonly id: string;
  readonly state: OutState;
  /** Why it failed, as one sentence. */
  readonly reason?: string;
}

export interface CallingHow {
  /** The account that the call goes by; the first one otherwise. */
  readonly accountId?: string;
  /** As the person meant it, where the target is what rules made of it: it is what is shown and kept. */
  readonly number?: string;
  /** Kept from the person called; the account's setting otherwise. */
  readonly anonymous?: boolean;
  /** Takes the place of this dialog of the one called: pickup, as the lamp of another phone told it (RFC 3891). */
  readonly replaces?: Replaces;
}

/** What the window may ask the softphone to do. Every method answers at once; results come as snapshots. */
export interface SoftphoneCommands {
  /**
   * `target`: a number, `user@domain` or a SIP URI. Gives the id of the new call, or why it cannot be made. The call that
   * is on is put on hold.
   */
  call(target: string, how?: CallingHow): { ok: true; callId: string } | { ok: false; reason: string };
  answer(callId: string): void;
  decline(callId: string): void;
  /** Sends a call that rings here to `target` instead. Gives why not, where it cannot be. */
  redirect(callId: string, target: string): { ok: true } | { ok: false; reason: string };
  hangUp(callId: string): void;
  setMuted(callId: string, muted: boolean): void;
  hold(callId: string): void;
  /** Takes a held call up again; the one that is on is put on hold. A conference is held and taken up as one. */
  resume(callId: string): void;
  /** Hands the other side on to `target`. Gives why not, where it does not even begin. */
  transfer(callId: string, target: string): { ok: true } | { ok: false; reason: string };
  /** Has the other side call one of the user's other devices, or all of them, where it goes on. */
  moveAway(callId: string, deviceId?: string): { ok: true } | { ok: false; reason: string };
  /** Joins the other sides of two calls and leaves both. */
  transferTo(callId: string, otherCallId: string): { ok: true } | { ok: false; reason: string };
  /** Takes a call into the conference, which begins with the calls that are on, or with `otherId` where that is named. */
  join(callId: string, otherId?: string): { ok: true } | { ok: false; reason: string };
  /** Takes a call out of the conference again; it is held. */
  leave(callId: string): void;
  /** The person's answer to the `question` of a call. */
  consent(callId: string, yes: boolean): void;
  sendDigit(callId: string, digit: string): void;
  /** Records both sides, or stops that. What comes of it is told in the snapshots. */
  record(callId: string, on: boolean): void;
  /** Tries to register at once, whatever timer is running. */
  registerNow(): void;
}

export interface SoftphoneListener {
  accounts(accounts: readonly AccountSnapshot[]): void;
  calls(calls: readonly CallSnapshot[]): void;
  news(news: NewsSnapshot): void;
}

export interface MessageCommands {
  /**
   * Sends a text message under an id of the caller's, by the first account unless another is named. Gives the `peer` that
   * it goes to and the account; what becomes of it comes as its fate.
   */
  sendMessage(
    id: string,
    target: string,
    text: string,
    accountId?: string,
  ): { ok: true; peer: string; accountId: string } | { ok: false; reason: string };
}

export interface MessageListener {
  /** Keeps a message that came; resolves whether it is kept. Only then the other side hears that it was taken. */
  message(message: IncomingMessage): Promise<boolean>;
  messageFate(fate: MessageFate): void;
}
