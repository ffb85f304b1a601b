/** The devices on which the user is signed in, as the registrar tells them of his own address (RFC 3680, RFC 5628). */
import { readXml } from '../../../../proxy-core/sip/bodies/read-xml.ts';
import { REGINFO, type RegInfo, readRegInfo, type SeenContact } from '../../../../proxy-core/sip/bodies/reg-info.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import { parseUri, sameUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import type { OwnDevice } from '../snapshots.ts';
import type { EventsHost } from './host.ts';
import { Subscription, type Taken } from './subscription.ts';

/** A device with the address at which it alone is called, a binary string. */
export interface ReachableDevice extends OwnDevice {
  readonly uri: string;
}

/** What partial documents may add up to. */
const MAX_CONTACTS = 64;
/** Those that are offered. */
const MAX_DEVICES = 16;

export class OwnDevices {
  readonly subscription: Subscription;
  readonly #host: EventsHost;
  readonly #instance: string;
  readonly #contacts = new WatchedContacts();

  /** @param instance of this phone at the account's registrar */
  constructor(host: EventsHost, instance: string, over: (subscription: Subscription) => void) {
    this.#host = host;
    this.#instance = instance;
    this.subscription = new Subscription({
      ...{ host, uri: host.aor, event: 'reg', accept: REGINFO, over: () => over(this.subscription) },
      take: (body, first) => {
        if (body === '') return this.#contacts.clear();
        const read = readRegInfo(body, readXml);
        return read.ok ? this.#contacts.take(read.value, first) : 'unreadable';
      },
    });
  }

  /** All but this one; undefined as long as nothing is known. */
  get others(): readonly ReachableDevice[] | undefined {
    if (!this.subscription.isKnown) return undefined;
    const here = parseUri(/<(.*)>/.exec(this.#host.contact())?.[1] ?? '');
    const isHere = ({ instance, contact }: SeenContact): boolean => {
      if (instance !== '') return instance === this.#instance;
      const uri = parseUri(contact);
      return here.ok && uri.ok && sameUri(uri.value, here.value);
    };
    return devicesOf(this.#contacts.all.filter((contact) => !isHere(contact)));
  }
}

/** The contacts of the user, put together from whole and partial documents (RFC 3680 §5.1). */
class WatchedContacts {
  #version = -1;
  #contacts = new Map<string, SeenContact>();

  get all(): readonly SeenContact[] {
    return [...this.#contacts.values()];
  }

  clear(): Taken {
    this.#contacts.clear();
    return 'taken';
  }

  /** `first`: the first document of a new subscription, whose numbers begin anew. */
  take({ version, isFull, contacts }: RegInfo, first: boolean): Taken {
    if (first) this.#version = -1;
    else if (version <= this.#version) return 'taken';
    if (!isFull && version !== this.#version + 1) return 'gap';
    this.#version = version;
    if (isFull) this.#contacts.clear();
    for (const contact of contacts) {
      if (contact.isActive) this.#contacts.set(contact.id, contact);
      else this.#contacts.delete(contact.id);
    }
    if (this.#contacts.size <= MAX_CONTACTS) return 'taken';
    this.#contacts.clear();
    return 'gap';
  }
}

/** One for each device, however many connections it has, by a name of its own. */
function devicesOf(contacts: readonly SeenContact[]): readonly ReachableDevice[] {
  const found = new Map<string, SeenContact>();
  for (const contact of contacts) {
    const id = contact.instance || contact.uri;
    if (!found.has(id) && found.size < MAX_DEVICES) found.set(id, contact);
  }
  const times = new Map<string, number>();
  for (const contact of found.values()) times.set(nameOf(contact), (times.get(nameOf(contact)) ?? 0) + 1);
  return [...found].map(([id, contact]) => {
    const name = nameOf(contact);
    const place = placeOf(contact);
    return { id, uri: contact.uri, name: times.get(name) === 1 || name === place ? name : `${name} (${place})` };
  });
}

/** As the office calls it, else by its program: `snomD785/10.1.175` is a snomD785; Tandem says its computer with it. */
function nameOf(contact: SeenContact): string {
  const { name, program } = contact;
  return name || (/^Tandem[^/(]*\([^()]+\)|^[^/(]{2,}/.exec(program)?.[0].trim() ?? '') || placeOf(contact);
}

/** Where it stands, for those that nothing else tells apart. */
function placeOf({ contact }: SeenContact): string {
  const uri = parseUri(contact);
  return uri.ok ? toText(uri.value.host) : '';
}
