/**
 * The presence event package (RFC 3856). A document is made once for each change and goes to all who watch as it is.
 */

import { PIDF, pidfXml } from '../../../sip/bodies/pidf.ts';
import type { Body } from '../../../sip/message/build.ts';
import type { Answer } from '../../answer.ts';
import { type Aor, partsOf, type User } from '../../stores.ts';
import type { EventPackage, Watch, WatchListener } from '../event-package.ts';
import type { Asked } from '../notifier-ports.ts';
import { type Topic, Topics, tell } from '../topics.ts';
import type { UserNews } from '../user-news.ts';
import { allowsUser, sipUriOf, type WatchedUsers, watchedUser } from '../watched-user.ts';
import type { Presence } from './presence-state.ts';

export interface PresenceOptions extends WatchedUsers {
  /** What the user is now. */
  readonly presenceOf: (aor: Aor) => Presence;
  readonly news: UserNews;
}

interface WatchedPresence extends Topic {
  body: Body;
  /** How often it has changed. */
  revision: number;
}

export class PresenceEvents implements EventPackage {
  readonly name = 'presence';
  readonly contentType = PIDF;
  readonly defaultExpires = 3600;
  readonly minExpires = 60;
  readonly maxExpires = 7200;
  /** RFC 3856 §6.10 proposes 5 s; a lamp is to be quicker. */
  readonly pause = 1_000;
  readonly #options: PresenceOptions;
  readonly #topics = new Topics<WatchedPresence>();

  constructor(options: PresenceOptions) {
    this.#options = options;
    options.news.listen((aor) => {
      if (!this.#topics.isEmpty) this.#look(aor);
    });
  }

  resourceOf(context: Asked): string | Answer {
    return watchedUser(this.#options, context);
  }

  allows(user: User, resource: string): boolean {
    return allowsUser(this.#options, user, resource);
  }

  watching(resource: string): number {
    return this.#topics.watching(resource);
  }

  watch(resource: string, _watcher: User, listener: WatchListener): Watch {
    const topic = this.#topics.join(resource, listener, () => ({
      listeners: new Set(),
      body: this.#bodyOf(resource as Aor),
      revision: 0,
    }));
    return new PresenceWatch(this.#topics, resource, topic, listener);
  }

  #bodyOf(aor: Aor): Body {
    const { lamp, activities, note } = this.#options.presenceOf(aor);
    const presence = { isOpen: lamp !== 'offline', activities, note };
    return { type: PIDF, content: pidfXml(sipUriOf(aor), presence, 'office') };
  }

  #look(aor: Aor): void {
    const topic = this.#topics.get(aor);
    if (topic === undefined) return;
    const body = this.#bodyOf(aor);
    const isChanged = body.content !== topic.body.content;
    if (isChanged) {
      topic.body = body;
      topic.revision++;
    }
    const { number, domain } = partsOf(aor);
    if (this.#options.users.find(number, domain) === undefined) tell(topic, 'gone');
    else if (isChanged) tell(topic, 'changed');
  }
}

class PresenceWatch implements Watch {
  readonly #topics: Topics<WatchedPresence>;
  readonly #resource: string;
  readonly #topic: WatchedPresence;
  readonly #listener: WatchListener;
  #told = -1;

  constructor(topics: Topics<WatchedPresence>, resource: string, topic: WatchedPresence, listener: WatchListener) {
    this.#topics = topics;
    this.#resource = resource;
    this.#topic = topic;
    this.#listener = listener;
  }

  document(full: boolean): Body | undefined {
    if (!full && this.#told === this.#topic.revision) return undefined;
    this.#told = this.#topic.revision;
    return this.#topic.body;
  }

  end(): void {
    this.#topics.leave(this.#resource, this.#listener);
  }
}
