/**
 * The dialog event package (RFC 4235): lamps that show the calls of a user. Each change is written once with the parties
 * and once without, whoever watches; a watcher who missed some gets them together.
 */

import { DIALOG_INFO } from '../../../sip/bodies/dialog-info.ts';
import type { Body } from '../../../sip/message/build.ts';
import type { Answer } from '../../answer.ts';
import type { Call } from '../../calls/call.ts';
import type { Calls } from '../../calls/calls.ts';
import { type Aor, partsOf, type User } from '../../stores.ts';
import type { EventPackage, Watch, WatchListener } from '../event-package.ts';
import type { Asked } from '../notifier-ports.ts';
import { type Topic, Topics, tell } from '../topics.ts';
import type { UserNews } from '../user-news.ts';
import { seesDetails, type WatchRuleStore } from '../watch-rules.ts';
import { allowsUser, sipUriOf, type WatchedUsers, watchedUser } from '../watched-user.ts';
import { type DialogView, dialogsOf } from './call-view.ts';
import { dialogInfoXml, dialogXml } from './dialog-info.ts';

/** Dialogs that are over are remembered for who was not told of it yet. */
const MAX_OVER = 16;

export interface DialogOptions extends WatchedUsers {
  readonly calls: Pick<Calls, 'of' | 'listen'>;
  /** Of users that are added and removed. */
  readonly news: UserNews;
}

interface Shown {
  readonly view: DialogView;
  /** Of the topic, when it became what it is. */
  readonly revision: number;
  readonly plain: string;
  readonly withParties: string;
}

interface WatchedCalls extends Topic {
  readonly aor: Aor;
  readonly entity: string;
  readonly dialogs: Map<string, Shown>;
  revision: number;
  /** A watcher who was last told before this revision is told all: some of what he missed is forgotten. */
  forgotten: number;
  /** Dialogs written for watchers who were told up to a revision, by that and by what they may see. */
  readonly written: Map<string, string>;
}

export class DialogEvents implements EventPackage {
  readonly name = 'dialog';
  readonly contentType = DIALOG_INFO;
  readonly defaultExpires = 3600;
  readonly minExpires = 60;
  readonly maxExpires = 7200;
  /** RFC 4235 §3.10. */
  readonly pause = 1_000;
  readonly #options: DialogOptions;
  readonly #topics = new Topics<WatchedCalls>();

  constructor(options: DialogOptions) {
    this.#options = options;
    options.calls.listen({ changed: (call) => this.#look(call) });
    options.news.listen((aor) => this.#lookForUser(aor));
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

  watch(resource: string, watcher: User, listener: WatchListener): Watch {
    const aor = resource as Aor;
    const topic = this.#topics.join(resource, listener, () => this.#begin(aor));
    return new DialogWatch({ topics: this.#topics, rules: this.#options.rules, topic, watcher, listener });
  }

  #begin(aor: Aor): WatchedCalls {
    const topic: WatchedCalls = {
      ...{ aor, listeners: new Set(), entity: sipUriOf(aor), dialogs: new Map(), written: new Map() },
      ...{ revision: 0, forgotten: 0 },
    };
    for (const call of this.#options.calls.of(aor)) this.#show(topic, call, aor);
    return topic;
  }

  #look(call: Call): void {
    if (this.#topics.isEmpty) return;
    for (const aor of call.aors) {
      const topic = this.#topics.get(aor);
      if (topic !== undefined && this.#show(topic, call, aor)) tell(topic, 'changed');
    }
  }

  #lookForUser(aor: Aor): void {
    const topic = this.#topics.get(aor);
    const { number, domain } = partsOf(aor);
    if (topic !== undefined && this.#options.users.find(number, domain) === undefined) tell(topic, 'gone');
  }

  /** Gives whether it shows anything else than before. */
  #show(topic: WatchedCalls, call: Call, aor: Aor): boolean {
    const { dialogs, entity, revision } = topic;
    for (const view of dialogsOf(call, aor)) {
      const plain = dialogXml(view, entity, false);
      const withParties = dialogXml(view, entity, true);
      const before = dialogs.get(view.id);
      if (before?.withParties === withParties) continue;
      if (before === undefined && view.state === 'terminated') continue;
      topic.revision = revision + 1;
      // The latest last, so that what is over longest is forgotten first.
      dialogs.delete(view.id);
      dialogs.set(view.id, { view, revision: topic.revision, plain, withParties });
    }
    if (topic.revision === revision) return false;
    topic.written.clear();
    forgetOver(topic);
    return true;
  }
}

function forgetOver(topic: WatchedCalls): void {
  let over = 0;
  for (const { view } of topic.dialogs.values()) if (view.state === 'terminated') over++;
  for (const [id, { view, revision }] of topic.dialogs) {
    if (over <= MAX_OVER) return;
    if (view.state !== 'terminated') continue;
    topic.dialogs.delete(id);
    topic.forgotten = Math.max(topic.forgotten, revision);
    over--;
  }
}

/** The dialogs that are new to who was told up to `told`; all that are not over for a full document. */
function written(topic: WatchedCalls, told: number | 'full', withParties: boolean): string {
  const key = `${told} ${withParties}`;
  let text = topic.written.get(key);
  if (text !== undefined) return text;
  text = '';
  for (const one of topic.dialogs.values()) {
    const isIn = told === 'full' ? one.view.state !== 'terminated' : one.revision > told;
    if (isIn) text += withParties ? one.withParties : one.plain;
  }
  topic.written.set(key, text);
  return text;
}

interface DialogWatchParts {
  readonly topics: Topics<WatchedCalls>;
  readonly rules: WatchRuleStore;
  readonly topic: WatchedCalls;
  readonly watcher: User;
  readonly listener: WatchListener;
}

class DialogWatch implements Watch {
  readonly #parts: DialogWatchParts;
  #told = -1;

  constructor(parts: DialogWatchParts) {
    this.#parts = parts;
  }

  document(full: boolean, version: number): Body | undefined {
    const { topic, rules, watcher } = this.#parts;
    const { revision, forgotten, entity } = topic;
    if (!full && this.#told === revision) return undefined;
    const isFull = full || this.#told < forgotten;
    const sees = seesDetails(rules, watcher, partsOf(topic.aor));
    const dialogs = written(topic, isFull ? 'full' : this.#told, sees);
    this.#told = revision;
    return { type: DIALOG_INFO, content: dialogInfoXml(entity, version, isFull, dialogs) };
  }

  end(): void {
    const { topics, topic, listener } = this.#parts;
    topics.leave(topic.aor, listener);
  }
}
