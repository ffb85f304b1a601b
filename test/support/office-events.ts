/** What an exchange in a test tells its subscribers, with rules and lists in memory. */

import { unpack } from '../../proxy-core/node/unpack.ts';
import type { ListStore } from '../../proxy-core/server/events/lists/list-event.ts';
import { OfficeEvents, type OfficeEventsOptions } from '../../proxy-core/server/events/office-events.ts';
import type { PublicationRecord, PublicationStore } from '../../proxy-core/server/events/publish/publications.ts';
import type { SubscriptionRecord, SubscriptionStore } from '../../proxy-core/server/events/subscription-store.ts';
import { USUAL_RULE, type WatchRule, type WatchRuleStore } from '../../proxy-core/server/events/watch-rules.ts';
import type { Aor } from '../../proxy-core/server/stores.ts';
import { readXml } from '../../proxy-core/sip/bodies/read-xml.ts';
import { MemoryCallHandling, MemoryMessages } from './memory-user-parts.ts';

export class MemoryRules implements WatchRuleStore {
  /** By `number@domain`. */
  readonly rules = new Map<string, WatchRule>();

  of(number: string, domain: string): WatchRule {
    return this.rules.get(`${number}@${domain}`) ?? USUAL_RULE;
  }
}

export class MemoryLists implements ListStore {
  /** By `name@domain`. */
  readonly lists = new Map<string, readonly string[]>();
  users: readonly string[] = [];

  membersOf(name: string, domain: string): readonly Aor[] | undefined {
    return this.lists.get(`${name}@${domain}`) as readonly Aor[] | undefined;
  }

  usersOf(domain: string, limit: number): readonly Aor[] {
    return this.users.filter((aor) => aor.endsWith(`@${domain}`)).slice(0, limit) as Aor[];
  }
}

/** Keeps what it was given as it was then. */
class MemoryRecords<T> {
  readonly kept = new Map<string, T>();

  all(): Iterable<T> {
    return [...this.kept.values()];
  }

  remove(key: string): void {
    this.kept.delete(key);
  }
}

export class MemorySubscriptions extends MemoryRecords<SubscriptionRecord> implements SubscriptionStore {
  put(one: SubscriptionRecord): void {
    const { key, package: name, resource, subscriber, device, event, dialog, highestSeq, hop, expiresAt } = one;
    const rest = { dialog, highestSeq, hop: hop && { ...hop, flow: undefined }, expiresAt };
    this.kept.set(key, { key, package: name, resource, subscriber, device, event, ...rest });
  }
}

export class MemoryPublications extends MemoryRecords<PublicationRecord> implements PublicationStore {
  put(record: PublicationRecord): void {
    this.kept.set(record.tag, record);
  }
}

type Usual = 'rules' | 'lists' | 'callHandling' | 'messages' | 'readXml' | 'unpack';
export type TestEventsOptions = Omit<OfficeEventsOptions, Usual> & Partial<Pick<OfficeEventsOptions, Usual>>;

export const officeEvents = (options: TestEventsOptions): OfficeEvents =>
  new OfficeEvents({
    ...{ rules: new MemoryRules(), lists: new MemoryLists(), readXml, unpack },
    ...{ callHandling: new MemoryCallHandling(), messages: new MemoryMessages() },
    ...options,
  });
