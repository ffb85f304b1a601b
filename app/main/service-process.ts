/** A service in a utility process of its own: started, told apart in its output, and supervised. */
import { type UtilityProcess, utilityProcess } from 'electron';
import { deriveClient, type Link } from '../shared/derive-client.ts';
import type { Schema } from '../shared/schema.ts';
import type { Child } from './supervisor.ts';
import { serviceWire } from './wires.ts';

export interface Service<S extends Schema> extends Child {
  readonly process: UtilityProcess;
  /** Refuses calls from the moment the process is gone. */
  readonly link: Link<S>;
}

export interface ServiceOptions<S extends Schema> {
  /** Absolute path of the built script. */
  readonly script: string;
  /** Shown by the operating system's list of processes. */
  readonly name: string;
  readonly schema: S;
}

export function forkService<S extends Schema>({ script, name, schema }: ServiceOptions<S>): Service<S> {
  const process = utilityProcess.fork(script, [], { serviceName: name, stdio: 'pipe' });
  for (const stream of [process.stdout, process.stderr]) {
    stream?.on('data', (chunk: Buffer) => console.error(`[${name}] ${chunk.toString().trimEnd()}`));
  }
  const link = deriveClient(schema, serviceWire(process));
  process.once('exit', () => link.close(`the ${name} stopped`));
  return {
    process,
    link,
    onExit: (listener) => {
      process.once('exit', listener);
    },
    kill: () => {
      process.kill();
    },
  };
}
