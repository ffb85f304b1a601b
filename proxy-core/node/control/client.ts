/** The other end of a running exchange's control socket. */
import { AdminError } from './errors.ts';
import type { ExchangeAdmin, MethodName, Params, Result, Watched, WatchName } from './methods.ts';
import { osUser } from './os-user.ts';
import { controlPath } from './socket-path.ts';
import { eventsOf, type OpenWatch, type WatchEvent } from './watch.ts';
import { openWire, type Wire } from './wire.ts';

export interface RemoteAdmin extends ExchangeAdmin {
  close(): void;
}

const WHO = 'The exchange';
/** An import of many users takes seconds. */
const CALL_MS = 120_000;

/** Connects to the exchange that runs on `dataDir`; gives undefined when none does. */
export async function connectControl(dataDir: string): Promise<RemoteAdmin | undefined> {
  const path = controlPath(dataDir);
  const wire = await openWire(path, WHO);
  if (wire === undefined) return undefined;
  await wire.call('session.begin', { by: osUser() }, CALL_MS);
  return remoteAdmin(wire, path);
}

function remoteAdmin(wire: Wire, path: string): RemoteAdmin {
  const watches = new Set<Wire>();
  /** Each watch has a connection of its own: nothing else waits for what may never happen. */
  const openWatch = async <M extends WatchName>(
    method: M,
    params: Params<M>,
    snapshot: boolean,
  ): Promise<OpenWatch<Watched<M>>> => {
    const own = await openWire(path, WHO);
    if (own === undefined) throw new AdminError('unreachable', 'The exchange has ended.');
    watches.add(own);
    let isOpen = true;
    const close = (): void => {
      isOpen = false;
      watches.delete(own);
      own.close();
    };
    try {
      await own.call('watch.open', { method, params, snapshot }, CALL_MS);
    } catch (error) {
      close();
      throw error;
    }
    const next = (): Promise<readonly WatchEvent<Watched<M>>[]> =>
      (own.call('watch.next', {}) as Promise<WatchEvent<Watched<M>>[]>).catch((error: unknown) => {
        if (isOpen) throw error;
        return [];
      });
    return { next, close };
  };
  return {
    call: <M extends MethodName>(method: M, params: Params<M>) =>
      wire.call(method, params, CALL_MS) as Promise<Result<M>>,
    watch: (method, params, { snapshot = true, signal } = {}) => eventsOf(openWatch(method, params, snapshot), signal),
    close() {
      for (const one of watches) one.close();
      wire.close();
    },
  };
}
