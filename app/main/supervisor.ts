/** Keeps one service process running: when it ends unasked it is started again, later each time it ends soon. */

/** A process, as little of it as is needed here. */
export interface Child {
  /** Called once, when the process is gone, however it went. */
  onExit(listener: (code: number) => void): void;
  kill(): void;
}

export interface SupervisorPorts<C extends Child> {
  readonly fork: () => C;
  /** A new process runs; `again` from the second one on. */
  readonly up: (child: C, again: boolean) => void;
  /** The process ended unasked. It comes again after `retryMs`. */
  readonly down: (code: number, retryMs: number) => void;
  /** Runs `work` after `ms`; the returned function cancels it. */
  readonly after: (ms: number, work: () => void) => () => void;
  readonly now: () => number;
}

export interface Supervisor<C extends Child> {
  readonly current: C | undefined;
  start(): void;
  /**
   * Ends the process for good: `farewell` asks it to close; it is killed once that settles or `limitMs` have passed.
   * Settles when the process is gone.
   */
  stop(farewell: (child: C) => Promise<unknown>, limitMs: number): Promise<void>;
}

const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 10_000;
/** A process that lived this long is taken for sound, and its end for the first one. */
const SOUND_AFTER_MS = 30_000;
/** How long a killed process may take to be gone. */
const GONE_MS = 2_000;

export function createSupervisor<C extends Child>(ports: SupervisorPorts<C>): Supervisor<C> {
  let current: C | undefined;
  let wanted = false;
  let started = 0;
  let retryMs = FIRST_RETRY_MS;
  let cancelRetry = () => {};
  let gone: () => void = () => {};

  const launch = (): void => {
    const child = ports.fork();
    const since = ports.now();
    current = child;
    started += 1;
    child.onExit((code) => {
      if (current !== child) return;
      current = undefined;
      gone();
      if (!wanted) return;
      if (ports.now() - since >= SOUND_AFTER_MS) retryMs = FIRST_RETRY_MS;
      const wait = retryMs;
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
      cancelRetry = ports.after(wait, () => {
        if (wanted) launch();
      });
      ports.down(code, wait);
    });
    ports.up(child, started > 1);
  };

  return {
    get current() {
      return current;
    },
    start() {
      if (wanted) return;
      wanted = true;
      retryMs = FIRST_RETRY_MS;
      if (!current) launch();
    },
    async stop(farewell, limitMs) {
      wanted = false;
      cancelRetry();
      const child = current;
      if (!child) return;
      const exited = new Promise<void>((resolve) => {
        gone = resolve;
      });
      const limit = timer(ports, limitMs);
      // One that cannot say goodbye is ended.
      await Promise.race([farewell(child).catch(() => {}), exited, limit.over]);
      limit.cancel();
      child.kill();
      const last = timer(ports, GONE_MS);
      await Promise.race([exited, last.over]);
      last.cancel();
      if (current === child) current = undefined;
    },
  };
}

function timer(ports: Pick<SupervisorPorts<Child>, 'after'>, ms: number): { over: Promise<void>; cancel: () => void } {
  let cancel = () => {};
  const over = new Promise<void>((resolve) => {
    cancel = ports.after(ms, resolve);
  });
  return { over, cancel: () => cancel() };
}
