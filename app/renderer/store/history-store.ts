/** The calls that were: what just ended is kept; of what is kept the pages around those in sight are at hand. */
import { t } from '@lingui/core/macro';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { BridgeSchema } from '../../shared/bridge.ts';
import {
  type CallEnd,
  HISTORY_PAGE,
  type HistoryFilter,
  MAX_RECORDINGS,
  type PastCall,
  type PastRecording,
} from '../../shared/history.ts';
import type { Client } from '../../shared/schema.ts';
import { ask } from './ask.ts';
import type { Undoable } from './contact-store.ts';
import { isLive } from './line.ts';
import type { PhoneStore } from './phone-store.ts';
import type { CallSnapshot, RecordingView } from './types.ts';
import { peerName } from './words.ts';

export { HISTORY_KINDS, type HistoryFilter, type HistoryKind, MAX_FOUND_NUMBERS } from '../../shared/history.ts';

export interface HistoryState {
  readonly filter: HistoryFilter;
  /** Calls that the filter leaves; undefined before they were counted. */
  readonly total: number | undefined;
  /** Those at hand, by the number of their page. */
  readonly pages: ReadonlyMap<number, readonly PastCall[]>;
  /** The newest of all; undefined before they were read. */
  readonly latest: readonly PastCall[] | undefined;
  /** Missed calls that nobody has looked at. */
  readonly missed: number;
  readonly undoable: Undoable | undefined;
  /** Why they cannot be read or kept. */
  readonly problem: string | undefined;
  /** Counts anew and reads what is in sight. */
  load(): Promise<void>;
  find(filter: HistoryFilter): Promise<void>;
  /** The calls at these places, counted from 0, are in sight. */
  show(first: number, last: number): void;
  /** Reads the newest where they were not read yet. */
  know(): Promise<void>;
  /** The missed calls were looked at. */
  seen(): Promise<void>;
  /** Removes a call, or all of them. */
  remove(call: PastCall | null): Promise<void>;
  undo(): Promise<void>;
  /** What was removed is not to come back. */
  settle(): void;
  /** Plays a recording; what hinders that is told as the problem. */
  play(recording: string): Promise<void>;
}

export type HistoryStore = StoreApi<HistoryState>;

export interface HistoryPorts {
  readonly bridge: Pick<Client<BridgeSchema>, 'history' | 'recordings'>;
  readonly phone: PhoneStore;
}

export const EVERY_CALL: HistoryFilter = { kind: 'all', accountId: '', text: '', numbers: [] };

/** Pages that are kept at hand; those farthest from what is in sight go first. */
const MAX_PAGES = 12;

/** The call at that place; undefined while it is being read. */
export const callAt = ({ pages }: Pick<HistoryState, 'pages'>, place: number): PastCall | undefined =>
  pages.get(Math.floor(place / HISTORY_PAGE))?.[place % HISTORY_PAGE];

/** Gives the store, which keeps every call that ends from now on, and a way to let go. */
export function createHistoryStore({ bridge, phone }: HistoryPorts): HistoryStore & { close(): void } {
  let sight = { first: 0, last: 0 };
  /** Counts up when what is at hand may be different. */
  let edition = 0;
  const underWay = new Set<number>();

  const inSight = (): readonly number[] => {
    const [from, to] = [Math.floor(sight.first / HISTORY_PAGE), Math.floor(sight.last / HISTORY_PAGE)];
    return Array.from({ length: Math.min(to - from + 1, MAX_PAGES) }, (_, at) => from + at);
  };
  /** Read from the last call of the nearest page before it on, where one is at hand. */
  const listed = (page: number, known: HistoryState['pages'], filter: HistoryFilter) => {
    const before = [...known.keys()].filter((one) => one < page).sort((a, b) => b - a)[0];
    const last = before === undefined ? undefined : known.get(before)?.at(-1);
    const place =
      before === undefined || last === undefined
        ? { after: null, skip: page * HISTORY_PAGE }
        : { after: { startedAt: last.startedAt, id: last.id }, skip: (page - before - 1) * HISTORY_PAGE };
    return ask(() => bridge.history.list({ filter, ...place }));
  };
  const read = async (page: number): Promise<void> => {
    const [mine, { filter, pages }] = [edition, store.getState()];
    underWay.add(page);
    const found = await listed(page, pages, filter);
    if (mine !== edition) return;
    underWay.delete(page);
    if (!found.ok) return store.setState({ problem: found.reason });
    const middle = (sight.first + sight.last) / 2 / HISTORY_PAGE;
    const near = [...store.getState().pages, [page, found.value] as const]
      .sort(([a], [b]) => Math.abs(a - middle) - Math.abs(b - middle))
      .slice(0, MAX_PAGES);
    store.setState({ pages: new Map(near), problem: undefined });
  };
  /** What is shown stays until what is in its place has been read. */
  const refresh = async (): Promise<void> => {
    const mine = ++edition;
    underWay.clear();
    const { filter } = store.getState();
    const counted = await ask(() => bridge.history.count(filter));
    const fresh = new Map<number, readonly PastCall[]>();
    let problem = counted.ok ? undefined : counted.reason;
    for (const page of counted.ok ? inSight() : []) {
      if (mine !== edition) return;
      if (page * HISTORY_PAGE >= (counted.ok ? counted.value : 0)) continue;
      const found = await listed(page, fresh, filter);
      if (found.ok) fresh.set(page, found.value);
      else problem = found.reason;
    }
    if (mine !== edition) return;
    store.setState(
      problem === undefined && counted.ok
        ? { total: counted.value, pages: fresh, problem }
        : { total: store.getState().total ?? 0, problem },
    );
  };
  const count = async (): Promise<void> => {
    const missed = await ask(() => bridge.history.missed());
    if (missed.ok) store.setState({ missed: missed.value });
  };
  const readLatest = async (): Promise<void> => {
    const found = await ask(() => bridge.history.list({ filter: EVERY_CALL, after: null, skip: 0 }));
    if (found.ok) store.setState({ latest: found.value });
  };

  const store = createStore<HistoryState>()((set, get) => ({
    filter: EVERY_CALL,
    total: undefined,
    pages: new Map(),
    latest: undefined,
    missed: 0,
    undoable: undefined,
    problem: undefined,
    load: refresh,
    find(filter) {
      sight = { first: 0, last: 0 };
      set({ filter });
      return refresh();
    },
    show(first, last) {
      sight = { first, last };
      const { pages } = get();
      for (const page of inSight()) if (!pages.has(page) && !underWay.has(page)) void read(page);
    },
    know: async () => (get().latest === undefined ? readLatest() : undefined),
    async seen() {
      set({ missed: 0 });
      const done = await ask(() => bridge.history.seen());
      if (!done.ok) set({ problem: done.reason });
    },
    async remove(call) {
      const words = call === null ? t`The list of calls was emptied.` : t`The call with ${peerName(call)} was removed.`;
      const done = await ask(() => bridge.history.remove(call?.id ?? null));
      if (done.ok) set({ undoable: { number: done.value, words }, problem: undefined });
      else set({ problem: done.reason });
    },
    async undo() {
      const { undoable } = get();
      if (undoable === undefined) return;
      const done = await ask(() => bridge.history.undo(undoable.number));
      set({ undoable: undefined, problem: done.ok ? undefined : done.reason });
    },
    settle() {
      if (get().undoable === undefined) return;
      set({ undoable: undefined });
      void ask(() => bridge.history.settle());
    },
    async play(recording) {
      const done = await ask(() => bridge.recordings.play({ id: recording }));
      set({ problem: done.ok ? undefined : done.reason });
    },
  }));

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
    void count();
    if (store.getState().latest !== undefined) void readLatest();
    if (store.getState().total !== undefined) void refresh();
  });
  void count();
  return Object.assign(store, {
    close() {
      release();
      stop();
    },
  });
}

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
    fault: view.state === 'failed' ? view.reason : ((view.state === 'kept' ? view.fault : undefined) ?? ''),
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
