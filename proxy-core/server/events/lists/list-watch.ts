/**
 * One subscriber's view of a list (RFC 4662 §4.2): it watches each member on his behalf, without a subscription of its
 * own, and puts what is new of them into one document. What does not fit in waits for the next.
 */
import type { Body } from '../../../sip/message/build.ts';
import type { User } from '../../stores.ts';
import type { EventPackage, Watch, WatchListener } from '../event-package.ts';
import { listBody, type MemberState } from './rlmi.ts';

/** Bytes of members' documents in one NOTIFY: a datagram holds 64 kB with all that stands around them. */
const MAX_PARTS = 24_000;

export interface ListMember {
  /** As the list has it. */
  readonly uri: string;
  readonly name: string;
  /** In the package; undefined where it is nobody whom we know. */
  readonly resource: string | undefined;
}

export interface ListWatchParts {
  readonly uri: string;
  readonly events: EventPackage;
  readonly watcher: User;
  readonly listener: WatchListener;
  /** Asked again each time when all is told. */
  readonly members: () => readonly ListMember[];
  readonly ended: () => void;
}

class Member implements WatchListener {
  readonly uri: string;
  readonly resource: string | undefined;
  readonly #list: ListWatch;
  name: string;
  state: MemberState['state'] = 'active';
  watch: Watch | undefined;
  /** Documents that were sent of it. */
  version = 0;
  /** Nothing was told of it yet, or all is to be told again. */
  needsAll = true;

  constructor(list: ListWatch, { uri, name, resource }: ListMember) {
    this.uri = uri;
    this.name = name;
    this.resource = resource;
    this.#list = list;
  }

  changed(): void {
    this.#list.hasNews(this);
  }

  gone(): void {
    this.stop('noresource');
    this.#list.hasNews(this);
  }

  stop(state: MemberState['state']): void {
    this.state = state;
    this.watch?.end();
    this.watch = undefined;
  }
}

export class ListWatch implements Watch {
  readonly #parts: ListWatchParts;
  readonly #members = new Map<string, Member>();
  readonly #news = new Set<Member>();

  constructor(parts: ListWatchParts) {
    this.#parts = parts;
    this.#read();
  }

  hasNews(member: Member): void {
    this.#news.add(member);
    this.#parts.listener.changed();
  }

  document(full: boolean, version: number): Body | undefined {
    if (full) this.#read();
    else if (this.#news.size === 0) return undefined;
    const told: MemberState[] = [];
    let room = MAX_PARTS;
    for (const member of full ? this.#members.values() : [...this.#news]) {
      const body = room > 0 ? this.#tell(member) : undefined;
      room -= body?.content.length ?? 0;
      const isTold = body !== undefined || member.state !== 'active';
      if (isTold || full) told.push({ uri: member.uri, name: member.name, state: member.state, body });
    }
    if (this.#news.size > 0) this.#parts.listener.changed();
    if (told.length === 0 && !full) return undefined;
    return listBody({ uri: this.#parts.uri, version, isFull: full, members: told });
  }

  end(): void {
    for (const member of this.#members.values()) member.watch?.end();
    this.#members.clear();
    this.#parts.ended();
  }

  #tell(member: Member): Body | undefined {
    this.#news.delete(member);
    const body = member.watch?.document(member.needsAll, member.version);
    if (body === undefined) return undefined;
    member.needsAll = false;
    member.version++;
    return body;
  }

  /** Takes in who is on the list now, and whom of them the watcher may watch. */
  #read(): void {
    const { members, events, watcher } = this.#parts;
    const left = new Set(this.#members.keys());
    for (const one of members()) {
      left.delete(one.uri);
      const member = this.#members.get(one.uri) ?? new Member(this, one);
      this.#members.set(one.uri, member);
      member.name = one.name;
      member.needsAll = true;
      this.#news.add(member);
      if (one.resource === undefined) member.stop('noresource');
      else if (!events.allows(watcher, one.resource)) member.stop('rejected');
      else {
        member.state = 'active';
        member.watch ??= events.watch(one.resource, watcher, member);
      }
    }
    for (const uri of left) {
      const member = this.#members.get(uri);
      member?.watch?.end();
      this.#members.delete(uri);
      if (member !== undefined) this.#news.delete(member);
    }
  }
}
