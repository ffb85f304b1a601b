/** Notices that the computer woke up or got other addresses: phones must register again at once, not at their leisure. */
import type { NetworkInterfaceInfo } from 'node:os';

export interface NetworkWatchPorts {
  readonly interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]>;
  /** Calls `wake` when the computer wakes up; the returned function ends that. */
  readonly onResume: (wake: () => void) => () => void;
  readonly every: (ms: number, work: () => void) => () => void;
  readonly changed: () => void;
}

/** No operating system tells Electron of a new address, so it is looked for. */
const LOOK_EVERY_MS = 3_000;

/** Gives back the function that ends the watch. */
export function watchNetwork({ interfaces, onResume, every, changed }: NetworkWatchPorts): () => void {
  let known = addresses(interfaces());
  const endLooking = every(LOOK_EVERY_MS, () => {
    const seen = addresses(interfaces());
    if (seen === known) return;
    known = seen;
    changed();
  });
  const endResuming = onResume(changed);
  return () => {
    endLooking();
    endResuming();
  };
}

function addresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  return Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter((one) => !one.internal)
    .map((one) => one.address)
    .sort()
    .join(' ');
}
