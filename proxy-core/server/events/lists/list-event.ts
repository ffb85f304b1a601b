/**
 * Lists of users as one thing to watch (RFC 4662): those that the office keeps, `all-users` of a domain, and those that a
 * phone sends with its SUBSCRIBE (RFC 5367). How they are named for the store: `list sip:sales@office.example`, or
 * `uris <uri of the list> <uri> …`.
 */

import type { ReadXml } from '../../../sip/bodies/xml.ts';
import { parseUri, type SipUri } from '../../../sip/grammar/uri.ts';
import type { SipRequest } from '../../../sip/message/message.ts';
import { H } from '../../../sip/message/names.ts';
import { optionTags } from '../../../sip/message/parse.ts';
import { type Answer, answer } from '../../answer.ts';
import { type Aor, aorOf, partsOf, type User, type UserStore } from '../../stores.ts';
import { contentOf, type Unpack } from '../content.ts';
import type { EventPackage, ListsOf, Watch, WatchListener } from '../event-package.ts';
import type { Asked } from '../notifier-ports.ts';
import { sipUriOf } from '../watched-user.ts';
import { type ListMember, ListWatch } from './list-watch.ts';
import { RESOURCE_LISTS, readResourceLists } from './resource-lists.ts';
import { RLMI } from './rlmi.ts';

export const ALL_USERS = 'all-users';
/** A longer list is refused: its bare names would not fit into a datagram. */
export const MAX_MEMBERS = 400;
const LONGEST_BODY = 32_768;
/** Lists that one user may watch at a time: each may be as many lamps as it has members. */
const MAX_LISTS = 4;

export interface ListStore {
  /** Users of a list that the office keeps; undefined where there is none of that name. */
  membersOf(name: string, domain: string): readonly Aor[] | undefined;
  /** Users of a domain in the order of their numbers, at most so many. */
  usersOf(domain: string, limit: number): readonly Aor[];
}

export interface ListOptions {
  readonly lists: ListStore;
  readonly users: Pick<UserStore, 'find'>;
  readonly domainOf: (uri: SipUri) => string | undefined;
  readonly readXml: ReadXml;
  readonly unpack: Unpack;
}

export class ListEvents implements ListsOf {
  readonly contentType = 'multipart/related';
  readonly requires = 'eventlist';
  readonly understands = ['eventlist', 'recipient-list-subscribe'];
  readonly #events: EventPackage;
  readonly #options: ListOptions;
  readonly #perUser = new Map<Aor, number>();

  constructor(events: EventPackage, options: ListOptions) {
    this.#events = events;
    this.#options = options;
  }

  get name(): string {
    return this.#events.name;
  }

  get defaultExpires(): number {
    return this.#events.defaultExpires;
  }

  get minExpires(): number {
    return this.#events.minExpires;
  }

  get maxExpires(): number {
    return this.#events.maxExpires;
  }

  get pause(): number {
    return this.#events.pause;
  }

  claims({ request, uri, domain }: Asked): boolean {
    if (request.to.tag !== undefined || domain === undefined) return false;
    if (hasList(request.header(H.ContentType))) return true;
    const name = uri.userDecoded;
    return this.#options.users.find(name, domain) === undefined && this.#membersOf(name, domain, 1) !== undefined;
  }

  holds(resource: string): boolean {
    return resource.startsWith('list ') || resource.startsWith('uris ');
  }

  resourceOf({ request, uri, uriText, domain = '', user }: Asked): string | Answer {
    if (user === undefined) return answer(403);
    if (!optionTags(request, H.Supported).includes('eventlist')) {
      return answer(421, undefined, [[H.Require, 'eventlist']]);
    }
    const accepted = request.list(H.Accept).map((type) => type.split(';', 1)[0]?.trim().toLowerCase());
    if (accepted.length > 0 && !accepted.includes(RLMI)) {
      return answer(406, undefined, [[H.Accept, `multipart/related, ${RLMI}, ${this.#events.contentType}`]]);
    }
    if ((this.#perUser.get(aorOf(user.number, user.domain)) ?? 0) >= MAX_LISTS) return answer(403, 'Too Many Lists');
    if (hasList(request.header(H.ContentType))) return this.#sentList(request, uriText);
    const name = uri.userDecoded;
    if (user.domain !== domain && user.isAdmin !== true) return answer(403);
    const members = this.#membersOf(name, domain, MAX_MEMBERS + 1) ?? [];
    return members.length > MAX_MEMBERS ? tooLong() : `list ${sipUriOf(aorOf(name, domain))}`;
  }

  /** Members are looked at one by one. */
  allows(user: User, resource: string): boolean {
    if (!resource.startsWith('list ')) return true;
    const list = this.#keptList(resource);
    return list !== undefined && (user.isAdmin === true || user.domain === list.domain);
  }

  /** A list is what one watches for himself. */
  watching(): number {
    return 0;
  }

  watch(resource: string, watcher: User, listener: WatchListener): Watch {
    const aor = aorOf(watcher.number, watcher.domain);
    this.#perUser.set(aor, (this.#perUser.get(aor) ?? 0) + 1);
    const [, uri = ''] = resource.split(' ', 2);
    return new ListWatch({
      ...{ uri, events: this.#events, watcher, listener },
      members: () => this.#members(resource),
      ended: () => {
        const left = (this.#perUser.get(aor) ?? 1) - 1;
        if (left > 0) this.#perUser.set(aor, left);
        else this.#perUser.delete(aor);
      },
    });
  }

  #sentList(request: SipRequest, uri: string): string | Answer {
    const body = contentOf(request, LONGEST_BODY, this.#options.unpack);
    if (typeof body !== 'string') return body;
    const read = readResourceLists(body, this.#options.readXml);
    if (!read.ok) return answer(400, `Bad Request - ${read.reason}`);
    if (read.uris.length > MAX_MEMBERS) return tooLong();
    return ['uris', uri, ...read.uris].join(' ');
  }

  #membersOf(name: string, domain: string, limit: number): readonly Aor[] | undefined {
    const { lists } = this.#options;
    return name === ALL_USERS ? lists.usersOf(domain, limit) : lists.membersOf(name, domain);
  }

  #keptList(resource: string): { readonly number: string; readonly domain: string } | undefined {
    const uri = parseUri(resource.slice('list '.length));
    return uri.ok ? { number: uri.value.userDecoded, domain: uri.value.host } : undefined;
  }

  #members(resource: string): readonly ListMember[] {
    if (resource.startsWith('uris ')) {
      const [, , ...uris] = resource.split(' ');
      return uris.map((uri) => this.#memberAt(uri));
    }
    const list = this.#keptList(resource);
    const aors = list === undefined ? undefined : this.#membersOf(list.number, list.domain, MAX_MEMBERS);
    return (aors ?? []).slice(0, MAX_MEMBERS).map((aor) => {
      const { number, domain } = partsOf(aor);
      const user = this.#options.users.find(number, domain);
      return { uri: sipUriOf(aor), name: user?.name ?? '', resource: user === undefined ? undefined : aor };
    });
  }

  #memberAt(uri: string): ListMember {
    const parsed = parseUri(uri);
    const domain = parsed.ok ? this.#options.domainOf(parsed.value) : undefined;
    const number = parsed.ok ? parsed.value.userDecoded : '';
    const user = domain === undefined ? undefined : this.#options.users.find(number, domain);
    if (user === undefined) return { uri, name: '', resource: undefined };
    return { uri, name: user.name, resource: aorOf(user.number, user.domain) };
  }
}

const hasList = (contentType: string | undefined): boolean =>
  contentType?.split(';', 1)[0]?.trim().toLowerCase() === RESOURCE_LISTS;

const tooLong = (): Answer => answer(403, `List Too Long - at most ${MAX_MEMBERS} users`);
