/** Entry of the `tandem` command: gives it the real process. */
import { startExchange } from '../node/start.ts';
import { defaultDataDir } from './data-dir.ts';
import { runCli } from './run.ts';

// `tandem user list | head` ends early, and that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const code = runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  defaultDataDir: defaultDataDir(process.env, process.platform),
  startExchange,
  // Signals often come twice, from the terminal and from npm: the second must not end what drains.
  asked: () =>
    new Promise((resolve) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve());
    }),
});

code.then(
  // Whatever was written goes out first, also into a slow pipe.
  (exitCode) => process.stdout.write('', () => process.exit(exitCode)),
  (error: unknown) => {
    process.stderr.write(`Tandem has a fault: ${String(error)}\n`);
    process.exit(1);
  },
);
