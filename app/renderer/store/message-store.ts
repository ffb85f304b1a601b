/** Text messages as the window sees them: conversations out of what the profile keeps, and writing. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import type { IncomingMessage, OutgoingMessage, TextMessage } from '../../shared/text-message.ts';
import type { MessageCommands, MessageFate } from '../softphone/snapshots.ts';
import { ask } from './ask.ts';
import type { Clock } from './clock.ts';
import { randomId } from './password.ts';

export interface ConversationKey {
  readonly accountId: string;
  readonly peer: string;
}

export interface Conversation extends ConversationKey {
  /** As the other side last called itself; may be empty. */
  readonly name: string;
  readonly last: TextMessage;
  readonly unread: number;
}

export interface MessagesState {
  /** The oldest first. */
  readonly messages: readonly TextMessage[];
  /** The conversation that is looked at; `new` while one is begun. */
  readonly open: ConversationKey | 'new' | undefined;
  /** The message that was looked for, by its id: it is brought into sight. */
  readonly sought: string | undefined;
  /** Why messages could not be read or kept. */
  readonly problem: string | undefined;

  load(): Promise<void>;
  /** @param sought a message of that conversation */
  show(open: MessagesState['open'], sought?: string): void;
  /** Sends a message and looks at its conversation. Gives why not, or nothing. */
  send(target: string, text: string, accountId?: string): string | undefined;
  /** Sends one while something else is looked at. */
  sendAside(target: string, text: string, accountId: string): string | undefined;
  /** Sends one again that failed. */
  retry(message: OutgoingMessage): void;
  forget(conversation: ConversationKey): Promise<void>;
  /** A message came. */
  take(message: IncomingMessage): Promise<boolean>;
  takeFate(fate: MessageFate): void;
}

export type MessageStore = StoreApi<MessagesState>;

export interface MessageStorePorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'messages'>;
  readonly clock: Clock;
  readonly send: MessageCommands['sendMessage'];
  /** Whether the page of the messages is seen. */
  readonly isLooking: () => boolean;
}

export function createMessageStore({ bridge, clock, send, isLooking }: MessageStorePorts): MessageStore {
  const keep = async (message: TextMessage) => {
    const outcome = await ask(() => bridge.messages.keep(message));
    store.setState({ problem: outcome.ok ? undefined : outcome.reason });
    return outcome;
  };
  const replace = (message: OutgoingMessage): void => {
    const { messages } = store.getState();
    store.setState({ messages: messages.map((one) => (isSame(one, message) ? message : one)) });
    void keep(message);
  };
  const isOpen = ({ accountId, peer }: ConversationKey): boolean => {
    const { open } = store.getState();
    return typeof open === 'object' && open.accountId === accountId && open.peer === peer;
  };
  const markRead = (key: ConversationKey): void => {
    const { messages } = store.getState();
    if (!messages.some((one) => isIn(one, key) && isUnread(one))) return;
    const read = messages.map((one) => (isIn(one, key) && isUnread(one) ? { ...one, isRead: true } : one));
    store.setState({ messages: read });
    void ask(() => bridge.messages.read(key)).then((done) => {
      if (!done.ok) store.setState({ problem: done.reason });
    });
  };

  /** Gives the conversation that it belongs to, or why it cannot be sent. */
  const begin = (target: string, text: string, accountId: string | undefined): ConversationKey | string => {
    const id = randomId();
    const sent = send(id, target, text, accountId);
    if (!sent.ok) return sent.reason;
    const { peer, accountId: by } = sent;
    const message: OutgoingMessage = {
      ...{ id, accountId: by, peer, name: '', text, at: clock.now(), direction: 'out', state: 'sending' },
    };
    store.setState({ messages: [...store.getState().messages, message] });
    void keep(message);
    return { accountId: by, peer };
  };

  const store: MessageStore = createStore<MessagesState>()((set, get) => ({
    messages: [],
    open: undefined,
    sought: undefined,
    problem: undefined,
    async load() {
      const outcome = await ask(() => bridge.messages.list());
      if (!outcome.ok) set({ problem: outcome.reason });
      else {
        // What came meanwhile follows.
        const fresh = get().messages.filter((one) => !outcome.value.some((known) => isSame(known, one)));
        set({ messages: [...outcome.value, ...fresh] });
      }
    },
    show(open, sought) {
      set({ open, sought });
      if (typeof open === 'object') markRead(open);
    },
    send(target, text, accountId) {
      const begun = begin(target, text, accountId);
      if (typeof begun !== 'string') set({ open: begun });
      return typeof begun === 'string' ? begun : undefined;
    },
    sendAside(target, text, accountId) {
      const begun = begin(target, text, accountId);
      return typeof begun === 'string' ? begun : undefined;
    },
    retry(message) {
      const sent = send(message.id, message.peer, message.text, message.accountId);
      const { reason: _, ...rest } = message;
      replace(sent.ok ? { ...rest, state: 'sending' } : { ...rest, state: 'failed', reason: sent.reason });
    },
    async forget({ accountId, peer }) {
      const outcome = await ask(() => bridge.messages.forget({ accountId, peer }));
      if (!outcome.ok) set({ problem: outcome.reason });
      else set({ messages: get().messages.filter((one) => !isIn(one, { accountId, peer })), open: undefined });
    },
    async take(message) {
      const outcome = await keep(message);
      if (!outcome.ok) return false;
      if (outcome.value && !get().messages.some((one) => isSame(one, message)))
        set({ messages: [...get().messages, message] });
      if (isOpen(message) && isLooking()) markRead(message);
      return true;
    },
    takeFate({ accountId, id, state, reason }) {
      const message = get().messages.find((one) => one.id === id && one.accountId === accountId);
      // Word of its delivery may come before the answer to it.
      if (message?.direction !== 'out' || message.state === 'delivered') return;
      const { reason: _, ...rest } = message;
      replace({ ...rest, state, ...(reason === undefined ? {} : { reason }) });
    },
  }));
  return store;
}

const isSame = (a: TextMessage, b: TextMessage): boolean => a.id === b.id && a.accountId === b.accountId;

const isIn = (message: TextMessage, { accountId, peer }: ConversationKey): boolean =>
  message.accountId === accountId && message.peer === peer;

const isUnread = (message: TextMessage): message is IncomingMessage => message.direction === 'in' && !message.isRead;

/** The conversation with the latest message first. */
export function conversationsOf(messages: readonly TextMessage[]): readonly Conversation[] {
  const found = new Map<string, Conversation>();
  for (const last of messages) {
    const { accountId, peer } = last;
    const key = `${accountId}\n${peer}`;
    const before = found.get(key);
    found.delete(key);
    found.set(key, {
      ...{ accountId, peer, last, name: last.name || (before?.name ?? '') },
      unread: (before?.unread ?? 0) + (isUnread(last) ? 1 : 0),
    });
  }
  return [...found.values()].reverse();
}

export const unreadOf = (messages: readonly TextMessage[]): number => messages.filter(isUnread).length;

/** As the other side last called itself; empty where it never did. */
export const nameIn = (messages: readonly TextMessage[], key: ConversationKey): string =>
  conversationsOf(messagesIn(messages, key))[0]?.name ?? '';

export const messagesIn = (messages: readonly TextMessage[], key: ConversationKey): readonly TextMessage[] =>
  messages.filter((one) => isIn(one, key));
