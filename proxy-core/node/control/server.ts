/** The control socket of a running exchange: its owner, and nobody else, may administer it while it serves. */
import type { LocalAdmin } from './admin.ts';
import { type ControlServer, listenLines } from './line-server.ts';
import { Session } from './session.ts';
import { controlPath } from './socket-path.ts';

export interface ControlOptions {
  readonly dataDir: string;
  readonly admin: LocalAdmin;
  /** Told of faults of the exchange that a request brought to light. */
  readonly onFault: (error: unknown) => void;
}

/**
 * Listens for administration. The caller holds the store's lock on `dataDir`: a socket that is there is a dead one.
 * Close it before the store.
 */
export const listenControl = ({ dataDir, admin, onFault }: ControlOptions): Promise<ControlServer> =>
  listenLines({ path: controlPath(dataDir), session: () => new Session(admin), onFault });
