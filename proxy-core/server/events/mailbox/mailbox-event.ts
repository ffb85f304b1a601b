/** The message-summary event package (RFC 3842): a user watches what waits for him. */

import {
  addSummaries,
  MESSAGE_SUMMARY,
  type MessageSummary,
  summaryText,
} from '../../../sip/bodies/message-summary.ts';
import type { Body } from '../../../sip/message/build.ts';
import { type Answer, answer } from '../../answer.ts';
import { type Aor, aorOf, partsOf, type User, type UserStore } from '../../stores.ts';
import type { EventPackage, Watch, WatchListener } from '../event-package.ts';
import type { Asked } from '../notifier-ports.ts';
import { type Topic, Topics, tell } from '../topics.ts';
import type { UserNews } from '../user-news.ts';
import { sipUriOf } from '../watched-user.ts';

export interface MailboxOptions {
  readonly users: Pick<UserStore, 'find'>;
  /** What waits for a user, in each place where something can. */
  readonly mailboxesOf: (aor: Aor) => readonly MessageSummary[];
  readonly news: UserNews;
}

interface Mailbox extends Topic {
  body: Body;
}

export class MailboxEvents implements EventPackage {
  readonly name = 'message-summary';
  readonly contentType = MESSAGE_SUMMARY;
  readonly defaultExpires = 3600;
  readonly minExpires = 60;
  readonly maxExpires = 86_400;
  readonly pause = 1_000;
  readonly #options: MailboxOptions;
  readonly #topics = new Topics<Mailbox>();

  constructor(options: MailboxOptions) {
    this.#options = options;
    options.news.listen((aor) => {
      if (!this.#topics.isEmpty) this.#look(aor);
    });
  }

  /** Without a number it is the subscriber's own mailbox, as some phones ask. */
  resourceOf({ uri, domain, user }: Asked): string | Answer {
    if (domain === undefined || user === undefined) return answer(403);
    const owner = uri.user === '' ? user : this.#options.users.find(uri.userDecoded, domain);
    const isOwn = owner?.number === user.number && owner.domain === user.domain;
    if (!isOwn && user.isAdmin !== true) return answer(403);
    return owner === undefined ? answer(404) : aorOf(owner.number, owner.domain);
  }

  allows(user: User, resource: string): boolean {
    return user.isAdmin === true || aorOf(user.number, user.domain) === resource;
  }

  watching(resource: string): number {
    return this.#topics.watching(resource);
  }

  watch(resource: string, _watcher: User, listener: WatchListener): Watch {
    const aor = resource as Aor;
    const mailbox = this.#topics.join(aor, listener, () => ({ listeners: new Set(), body: this.#bodyOf(aor) }));
    let told: Body | undefined;
    return {
      document(full) {
        if (!full && told === mailbox.body) return undefined;
        told = mailbox.body;
        return told;
      },
      end: () => this.#topics.leave(aor, listener),
    };
  }

  #bodyOf(aor: Aor): Body {
    const summary = addSummaries(this.#options.mailboxesOf(aor));
    return { type: MESSAGE_SUMMARY, content: summaryText(sipUriOf(aor), summary) };
  }

  #look(aor: Aor): void {
    const mailbox = this.#topics.get(aor);
    if (mailbox === undefined) return;
    const { number, domain } = partsOf(aor);
    if (this.#options.users.find(number, domain) === undefined) {
      tell(mailbox, 'gone');
      return;
    }
    const body = this.#bodyOf(aor);
    if (body.content === mailbox.body.content) return;
    mailbox.body = body;
    tell(mailbox, 'changed');
  }
}
