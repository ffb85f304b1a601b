/** The calls that were: what just ended is kept, what is kept is shown, newest first. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import { type CallEnd, HISTORY_PAGE, MAX_RECORDINGS, type PastCall, type PastRecording } from '../../shared/history.ts';
import type { Client } from '../../shared/schema.ts';
import { ask } from './ask.ts';
import { isLive } from './line.ts';
import type { PhoneStore } from './phone-store.ts';
import type { CallSnapshot, Outcome, RecordingView } from './types.ts';
import { faultWords } from './words.ts';

export interface HistoryState {
  /** Undefined before it was read. */
  readonly calls: readonly PastCall[] | undefined;
  /** Whether there are older ones than those. */
  readonly hasMore: boolean;
  /** Why they cannot be read or kept. */
  readonly problem: string | undefined;
  /** Reads the newest. */
  load(): Promise<void>;
  more(): Promise<void>;
  /** Reads the newest where nothing was read yet. */
  know(): Promise<void>;
  clear(): Promise<Outcome>;
  /** Plays a recording; what hinders that is told as the problem. */
  play(recording: string): Promise<void>;
}

export type HistoryStore = StoreApi<HistoryState>;

export interface HistoryPorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'history' | 'recordings'>;
  readonly phone: PhoneStore;
}

/** Gives the store, which keeps every call that ends from now on, and a way to let go. */
export function createHistoryStore({ bridge, phone }: HistoryPorts): HistoryStore & { close(): void } {
  const store = createStore<HistoryState>()((set, get) => {
    const take = async (before: PastCall | undefined, earlier: readonly PastCall[]): Promise<void> => {
      const place = before === undefined ? null : { startedAt: before.startedAt, id: before.id };
      const page = await ask(() => bridge.history.list(place));
      if (!page.ok) set({ problem: page.reason });
      else set({ calls: [...earlier, ...page.value], hasMore: isFull(page.value), problem: undefined });
    };
    /** The newest in front of what was read already. */
    const refresh = async (): Promise<void> => {
      const page = await ask(() => bridge.history.list(null));
      if (!page.ok) return set({ problem: page.reason });
      const { calls = [], hasMore } = get();
      const last = page.value.at(-1);
      const older = last && isFull(page.value) ? calls.filter((call) => isBefore(call, last)) : [];
      set({
        calls: [...page.value, ...older],
        hasMore: older.length > 0 ? hasMore : isFull(page.value),
        problem: undefined,
      });
    };
    return {
      calls: undefined,
      hasMore: false,
      problem: undefined,
      load: refresh,
      know: async () => (get().calls === undefined ? refresh() : undefined),
      more: () => take(get().calls?.at(-1), get().calls ?? []),
      clear: () => ask(() => bridge.history.clear()),
      async play(recording) {
        const done = await ask(() => bridge.recordings.play({ id: recording }));
        set({ problem: done.ok ? undefined : done.reason });
      },
    };
  });

  /** Of the calls that the softphone lists: what they were recorded into, and which they are kept with, where they were kept. */
  const known = new Map<string, { recordings: readonly PastRecording[]; kept: readonly PastRecording[] | undefined }>();
  const release = phone.subscribe((state, before) => {
    if (state.listed === before.listed) return;
    for (const call of state.listed) {
      const { recordings, kept } = known.get(call.id) ?? { recordings: [], kept: undefined };
      const now = withRecording(recordings, call.recording);
      known.set(call.id, { recordings: now, kept: isLive(call) ? kept : now });
      // Kept once, and again when its recording has been read or turns out to be something else.
      if (isLive(call) || kept === now) continue;
      void ask(() => bridge.history.add(pastCall(call, state.missed, now))).then((done) => {
        if (!done.ok) store.setState({ problem: done.reason });
      });
    }
    for (const id of known.keys()) if (!state.listed.some((call) => call.id === id)) known.delete(id);
  });
  const stop = bridge.history.changed(() => {
    if (store.getState().calls !== undefined) void store.getState().load();
  });
  return Object.assign(store, {
    close() {
      release();
      stop();
    },
  });
}

const isFull = (page: readonly PastCall[]): boolean => page.length === HISTORY_PAGE;

const isBefore = (a: PastCall, b: PastCall): boolean =>
  a.startedAt < b.startedAt || (a.startedAt === b.startedAt && a.id < b.id);

/** The softphone's sentence for a call that another device of the same user answered or declined. */
const TAKEN_ELSEWHERE = /on another device/i;

function pastCall(call: CallSnapshot, missed: readonly string[], recordings: readonly PastRecording[]): PastCall {
  const { id, accountId, direction, peer, startedAt, answeredAt, endedAt, notice, summary } = call;
  return {
    ...{ id, accountId, direction, peer, startedAt },
    answeredAt: answeredAt ?? null,
    endedAt: endedAt ?? startedAt,
    end: endOf(call, missed),
    reason: notice ?? '',
    quality: summary ?? null,
    recordings,
  };
}

/** The same list where nothing is new. */
function withRecording(before: readonly PastRecording[], view: RecordingView | undefined): readonly PastRecording[] {
  if (view?.id === undefined) return before;
  const { id } = view;
  const now: PastRecording = {
    id,
    seconds: view.state === 'kept' ? view.seconds : null,
    fault: view.state === 'failed' ? view.reason : view.state === 'kept' && view.fault ? faultWords(view.fault) : '',
  };
  const known = before.find((one) => one.id === id);
  if (known?.seconds === now.seconds && known.fault === now.fault) return before;
  return known === undefined
    ? [...before, now].slice(-MAX_RECORDINGS)
    : before.map((one) => (one === known ? now : one));
}

function endOf({ id, direction, answeredAt, notice }: CallSnapshot, missed: readonly string[]): CallEnd {
  if (answeredAt !== undefined) return 'answered';
  if (direction === 'outgoing') return 'unanswered';
  if (missed.includes(id)) return 'missed';
  return TAKEN_ELSEWHERE.test(notice ?? '') ? 'elsewhere' : 'declined';
}
