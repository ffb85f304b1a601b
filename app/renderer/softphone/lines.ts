/** Who is heard: one call, or one conference whose members hear each other; everybody else is on hold. */
import type { CallSettings } from '../../shared/call-settings.ts';
import type { SharedLines } from './account-calls.ts';
import type { Call } from './call/call.ts';

/** Calls at once, those that ring among them; a further caller hears busy. */
const MAX_LIVE = 12;
const MAX_RINGING = 4;
/** Other sides in a conference. */
const MAX_MEMBERS = 8;

export type Done = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const refuse = (reason: string): Done => ({ ok: false, reason });
const NOT_ANSWERED = 'Only a call that was answered can join.';
const DONE: Done = { ok: true };

export class Lines implements SharedLines {
  readonly #calls: () => readonly Call[];
  #members: readonly Call[] = [];
  /** The one that was begun, answered or taken up last. */
  #current: Call | undefined;

  constructor(calls: () => readonly Call[]) {
    this.#calls = calls;
  }

  mayCall(): boolean {
    return this.#live().length < MAX_LIVE;
  }

  mayRing({ callWaiting }: CallSettings): boolean {
    const live = this.#live();
    if (live.length >= MAX_LIVE || live.filter((call) => call.isRinging).length >= MAX_RINGING) return false;
    return callWaiting || live.length === 0;
  }

  isFree(): boolean {
    return !this.#calls().some((call) => call.isAudible);
  }

  focus(call: Call): void {
    this.#current = call;
    const together = this.#members.includes(call);
    for (const other of this.#calls()) {
      if (other === call || (together && this.#members.includes(other))) continue;
      if (other.isAnswered && other.isAudible) other.hold(true);
    }
  }

  /** Who answers while somebody else is being talked to waits. */
  answered(call: Call): void {
    const current = this.#current;
    if (current === undefined || current === call || !current.isLive) this.focus(call);
    else if (!(this.#members.includes(call) && this.#members.includes(current))) call.hold(true);
  }

  succeed(before: Call, after: Call): void {
    if (this.#current === before) this.#current = after;
    if (this.#members.includes(before)) this.#become(this.#members.map((one) => (one === before ? after : one)));
  }

  hold(call: Call): void {
    for (const one of this.#together(call)) one.hold(true);
  }

  /** In a conference the microphone is one for all. */
  setMuted(call: Call, muted: boolean): void {
    for (const one of this.#together(call)) one.setMuted(muted);
  }

  resume(call: Call): void {
    this.focus(call);
    for (const one of this.#together(call)) one.hold(false);
  }

  /** Takes a call into the conference, which begins with the one that is on, or else with the only other one. */
  join(call: Call): Done {
    return this.#joins(call, this.#joinedBy(call));
  }

  /** Lets these two talk together, with those of the conference where one of them is in it. */
  joinTwo(call: Call, other: Call): Done {
    if (call === other) return refuse('These are one call.');
    if (this.#members.includes(call)) return this.#joins(other, this.#members);
    if (this.#members.includes(other)) return this.#joins(call, this.#members);
    if (this.#members.length > 0) return refuse('Others are in a conference already: these two can only join that.');
    if (!other.isAnswered) return refuse(NOT_ANSWERED);
    return this.#joins(call, [other]);
  }

  #joins(call: Call, others: readonly Call[]): Done {
    if (!call.isAnswered) return refuse(NOT_ANSWERED);
    if (this.#members.includes(call)) return DONE;
    const members = [...others, call];
    if (members.length < 2) return refuse('There is no other call that it could join.');
    if (members.length > MAX_MEMBERS) return refuse(`A conference has room for ${MAX_MEMBERS} others.`);
    this.#become(members);
    this.resume(call);
    return DONE;
  }

  /** Takes a call out of the conference again. */
  leave(call: Call): void {
    if (!this.#members.includes(call)) return;
    this.#become(this.#members.filter((one) => one !== call));
    call.hold(true);
  }

  /** Calls have changed: who ended is no member any more. */
  tidy(): void {
    if (this.#members.every((call) => call.isAnswered)) return;
    this.#become(this.#members.filter((call) => call.isAnswered));
  }

  #joinedBy(call: Call): readonly Call[] {
    if (this.#members.length > 0) return this.#members;
    const others = this.#calls().filter((one) => one !== call && one.isAnswered);
    const heard = others.filter((one) => one.isAudible);
    return heard.length > 0 || others.length !== 1 ? heard : others;
  }

  #become(members: readonly Call[]): void {
    const before = this.#members;
    this.#members = members.length > 1 ? members : [];
    for (const call of new Set([...before, ...members])) {
      const isMember = this.#members.includes(call);
      call.setInConference(isMember);
      const others = isMember ? this.#members.filter((one) => one !== call) : [];
      call.media.mix(others.map((one) => one.media));
    }
  }

  #together(call: Call): readonly Call[] {
    return this.#members.includes(call) ? this.#members : [call];
  }

  #live(): readonly Call[] {
    return this.#calls().filter((call) => call.isLive);
  }
}
