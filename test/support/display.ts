/** A display of one's own, without a screen. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

export interface Display {
  /** As `DISPLAY` has it. */
  readonly name: string;
  close(): Promise<void>;
}

/** Xvfb takes a number that is free and tells which once it accepts. */
export async function openDisplay(): Promise<Display> {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const number = server.stdio[3] as Readable;
  const [said] = await Promise.race([
    once(number, 'data', { signal: AbortSignal.timeout(20_000) }),
    once(server, 'exit').then(() => {
      throw new Error('Xvfb ended before it had a display.');
    }),
  ]);
  return {
    name: `:${String(said).trim()}`,
    async close() {
      if (server.exitCode !== null) return;
      server.kill();
      await once(server, 'exit');
    },
  };
}
