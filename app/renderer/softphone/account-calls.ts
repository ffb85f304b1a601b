/** The calls of one account: begins them, finds the one that a message belongs to, forgets them. */
import { dialogAsCallee } from '../../../proxy-core/sip/dialog/dialog.ts';
import type { Referred } from '../../../proxy-core/sip/dialog/refer.ts';
import type { Replaces } from '../../../proxy-core/sip/dialog/replaces.ts';
import { toText } from '../../../proxy-core/sip/grammar/text.ts';
import type { HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { deltaSeconds } from '../../../proxy-core/sip/message/parse.ts';
import type { ServerTransaction } from '../../../proxy-core/sip/transaction/user.ts';
import type { FlowId, Hop } from '../../../proxy-core/sip/transport/port.ts';
import type { CallSettings } from '../../shared/call-settings.ts';
import type { RegId } from '../../shared/phone-port.ts';
import { answersItself, isAgain, isSecureDialog, refusalOf, replacedBy } from './arrivals.ts';
import { sdpOf } from './call/body.ts';
import { Call } from './call/call.ts';
import { callerOf, detourOf } from './call/caller.ts';
import type { CallHost, CallParts, Referral } from './call/host.ts';
import { startIncoming, startRefused } from './call/incoming.ts';
import { startFinding, startOutgoing } from './call/outgoing.ts';
import type { StandInParts } from './call/stand-in.ts';
import type { CallStep } from './call/types.ts';
import type { ContactKind } from './registration/whereabouts.ts';
import type { CallingHow } from './snapshots.ts';
import { isSecureTarget, type Target } from './target.ts';

/** What all accounts' calls share. */
export interface SharedLines {
  /** Whether one more call may ring here. */
  mayRing(settings: CallSettings): boolean;
  /** Whether one more call may begin here. */
  mayCall(): boolean;
  /** Whether nobody here is in a call. */
  isFree(): boolean;
  /** This call is the one to be heard from now on: the others are held. */
  focus(call: Call): void;
  /** A broken call goes on as another one. */
  succeed(before: Call, after: Call): void;
  /** Somebody answered. */
  answered(call: Call): void;
}

export interface AccountCallsOptions {
  readonly host: Omit<CallHost, 'settings' | 'callReferred' | 'callAnew' | 'gone' | 'answered' | 'contact' | 'from'> & {
    readonly contact: (kind: ContactKind, secure: boolean, regId?: RegId) => string;
    /** From, by the address that it has on this line. */
    readonly from: (regId?: RegId) => string;
    readonly hopOf: (regId: RegId) => Hop | undefined;
  };
  /** User parts by which this account is called, as binary strings; undefined for all. */
  readonly users: readonly string[] | undefined;
  readonly settings: CallSettings;
  readonly lines: SharedLines;
  /** Whether there is a connection to call by. */
  readonly isConnected: () => boolean;
  /** By which line an address is called, and an INVITE came; undefined where that is gone. */
  readonly lineTowards: (uri: string) => RegId | Promise<RegId>;
  readonly lineOf: (flow: FlowId) => RegId | undefined;
  /** Whether nobody can listen on that connection. */
  readonly isProtected: () => boolean;
  readonly isActive: () => boolean;
  readonly respond: (transaction: ServerTransaction, status: number, headers?: readonly HeaderLine[]) => void;
}

/** Live and ended ones together. */
const MAX_CALLS = 64;

export class AccountCalls {
  /** How calls from now on are made and taken. */
  settings: CallSettings;
  readonly #options: AccountCallsOptions;
  readonly #calls = new Set<Call>();

  constructor(options: AccountCallsOptions) {
    this.#options = options;
    this.settings = options.settings;
  }

  get all(): readonly Call[] {
    return [...this.#calls];
  }

  /** Those that people see. */
  get shown(): readonly Call[] {
    return this.all.filter((call) => call.isShown);
  }

  /** Undefined while there is no connection to call by. */
  call(target: Target, { anonymous, replaces }: CallingHow): Call | undefined {
    return this.#begin(target, {
      ...(anonymous === undefined ? {} : { anonymous }),
      ...(replaces === undefined ? {} : { replaces }),
    });
  }

  /** The call that a request with a tag in To belongs to. */
  ownerOf(request: SipRequest): Call | undefined {
    return this.all.find((call) => call.owns(request));
  }

  begunBy(transaction: ServerTransaction): Call | undefined {
    return this.all.find((call) => call.invitation === transaction);
  }

  /** An INVITE outside any dialog. */
  invited(transaction: ServerTransaction): void {
    const { request } = transaction;
    const { settings } = this;
    const { users, lines, isActive, respond, host } = this.#options;
    const rings = this.all.find((call) => isAgain(call.invitation, transaction));
    if (rings?.arrivesAnew(transaction) === true) return;
    const refused = refusalOf(transaction, { users, settings, isActive: isActive(), calls: this.#calls });
    if (refused !== undefined) {
      respond(transaction, refused.status, refused.headers);
      return;
    }
    const replacing = replacedBy(request, this.#calls, settings);
    if ('refuse' in replacing) {
      respond(transaction, replacing.refuse.status, replacing.refuse.headers);
      return;
    }
    const before = replacing.call;
    // It is for the other devices.
    const isMoved = before === undefined && this.all.some((call) => call.isMovedBy(request));
    if (isMoved || (before === undefined && !settings.doNotDisturb && !lines.mayRing(settings))) {
      respond(transaction, 486);
      return;
    }
    const call = this.#arrive(transaction, before);
    if (call === undefined) respond(transaction, 400);
    else if (before !== undefined) this.answer(call);
    else if (call.isRinging) {
      const after = answersItself(request, settings, host.isOwn);
      if (after !== undefined) host.clock.after(after, () => call.isRinging && lines.isFree() && this.answer(call));
    }
  }

  answer(call: Call): void {
    this.#options.lines.focus(call);
    call.dispatch({ type: 'answer' });
  }

  drop(): void {
    for (const call of this.#calls) call.drop();
    this.#calls.clear();
  }

  #arrive(invitation: ServerTransaction, before: Call | undefined): Call | undefined {
    const { request } = invitation;
    const localTag = this.#options.host.random(8);
    const made = dialogAsCallee(request, localTag);
    if (!made.ok) return undefined;
    const peer = callerOf(request);
    const who = peer.name || peer.number;
    const seconds = deltaSeconds(request.header(H.Expires));
    const expiresMs = seconds === undefined || seconds === 0 ? undefined : seconds * 1_000;
    const { dialog } = made;
    const regId = this.#options.lineOf(invitation.source.flow);
    const leg = dialog.remoteTag;
    const first =
      before === undefined && this.settings.doNotDisturb
        ? startRefused(who, 486, 'Do not disturb was on.')
        : startIncoming({ who, late: this.settings.lateOffer, leg, offer: sdpOf(request), expiresMs });
    return this.#add(
      {
        ...{ peer, callId: request.callId, localTag, arrived: { invitation, dialog } },
        detour: detourOf(request),
        secure: isSecureDialog(request),
        regId: () => regId,
        instead: before && (() => before.takenOver()),
      },
      first,
    );
  }

  #begin(
    target: Target,
    more: { readonly anonymous?: boolean; readonly replaces?: Replaces } & Partial<
      Pick<CallParts, 'referredBy' | 'progress' | 'detour' | 'expires'>
    >,
  ): Call | undefined {
    const { isConnected, isProtected, lines } = this.#options;
    const secure = isSecureTarget(target.uri);
    if (!isConnected() || (secure && !isProtected())) return undefined;
    const peer = { name: '', number: target.number, uri: toText(target.uri) };
    const call = this.#place(target.uri, target.number, this.settings.lateOffer, { peer, ...more });
    lines.focus(call);
    return call;
  }

  #callReferred({ uri, replaces, expires }: Referred, { referredBy, progress }: Referral): Call | undefined {
    const { lines, host } = this.#options;
    if (!lines.mayCall()) return undefined;
    const target = { uri: uri.toString(), number: toText(uri.userDecoded) || toText(uri.host) };
    const call = this.#begin(target, {
      referredBy,
      progress,
      expires,
      ...(replaces === undefined ? {} : { replaces }),
    });
    // Servers and phones may not look at the time that is given to them.
    if (expires !== undefined) host.clock.after(expires * 1_000, () => call?.isOver === false && call.giveUp());
    return call;
  }

  /** Calls the other side of a broken call, to go on with it in a dialog of its own. */
  #callAnew(broken: Call, { uri, who, ...parts }: StandInParts): Call | undefined {
    return this.#options.isConnected() ? this.#place(uri, who, false, parts, broken) : undefined;
  }

  /** A new call from here, by the line that leads to `uri`. */
  #place(
    uri: string,
    who: string,
    late: boolean,
    parts: Omit<CallParts, 'id' | 'callId' | 'localTag' | 'secure' | 'regId'>,
    broken?: Call,
  ): Call {
    const { host, lineTowards } = this.#options;
    const callId = `${host.random(16)}@tandem.invalid`;
    const line = lineTowards(uri);
    let regId = typeof line === 'number' ? line : undefined;
    const own = { callId, localTag: host.random(8), secure: isSecureTarget(uri), regId: () => regId };
    const first = regId === undefined ? startFinding(uri, who, late) : startOutgoing(uri, who, late);
    const call = this.#add({ ...parts, ...own }, first, broken);
    if (typeof line !== 'number') {
      void line.then((found) => {
        regId = found;
        call.dispatch({ type: 'way-found' });
      });
    }
    return call;
  }

  /** @param broken the call that it stands in for. */
  #add(parts: Omit<CallParts, 'id'>, first: CallStep, broken?: Call): Call {
    const { host, lines } = this.#options;
    const own = host.random(12);
    const hopOf = (line: RegId | undefined) => (line === undefined ? undefined : host.hopOf(line));
    const { arrived, regId, anonymous = this.settings.anonymous } = parts;
    // Whom no proxy stands between could not find a name that only the server knows.
    const isDirect = arrived !== undefined && arrived.dialog.routes.length === 0;
    const kind = isDirect ? 'address' : arrived === undefined && anonymous ? 'temporary' : 'public';
    const call: Call = new Call(
      {
        ...host,
        settings: this.settings,
        // The way of its dialog leads through the server at the end of that line.
        way: { ...host.way, hop: () => hopOf(regId()) ?? host.way.hop() },
        from: () => host.from(regId()),
        contact: () => host.contact(kind, parts.secure, regId()),
        callReferred: (referred, more) => this.#callReferred(referred, more),
        callAnew: (anew) => this.#callAnew(call, anew),
        answered() {
          if (broken === undefined) lines.answered(call);
          else {
            lines.succeed(broken, call);
            broken.goesOnAs(call);
          }
        },
        gone: () => {
          this.#calls.delete(call);
          host.changed();
        },
      },
      { ...parts, id: broken?.id ?? own, sessionId: own },
      first,
    );
    this.#calls.add(call);
    this.#forgetOldest();
    host.changed();
    return call;
  }

  /** Ended calls are kept a while, but not all those of somebody who calls and hangs up without end. */
  #forgetOldest(): void {
    for (const call of this.#calls) {
      if (this.#calls.size <= MAX_CALLS) return;
      if (!call.isOver) continue;
      call.drop();
      this.#calls.delete(call);
    }
  }
}
