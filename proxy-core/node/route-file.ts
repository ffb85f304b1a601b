/**
 * Loads the office's own routing step from a TypeScript or JavaScript file, and again whenever that file or one that it
 * imports changes (docs/routing.md). Types are taken away by sucrase: plain JavaScript without a binary of its own, so
 * that it works in every Node and inside the desktop program.
 */
import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { type Transform, transform } from 'sucrase';
import type { RouteStep } from '../server/route/api.ts';
import type { RouteSlot } from '../server/route/slot.ts';
import type { Log } from './log.ts';
import { StartError } from './start-options.ts';

export interface RouteFile {
  /** Holds the step of the newest file that could be loaded. */
  readonly slot: RouteSlot;
  close(): void;
}

/** Editors write a file in several goes: it is read when they have been quiet for so many ms. */
const QUIET_MS = 100;
const ENDINGS: readonly string[] = [
  '',
  '.ts',
  '.js',
  '.mts',
  '.mjs',
  '.cts',
  '.cjs',
  '.json',
  '/index.ts',
  '/index.js',
];

/** @throws StartError where the file cannot be loaded now; later faults only stand in the log. */
export function openRouteFile(file: string, log: Log): RouteFile {
  const path = resolve(file);
  const loader = new RouteLoader();
  const slot: RouteSlot = { step: firstStep(loader, path) };
  let watched = new Map<string, FSWatcher>();
  let quiet: ReturnType<typeof setTimeout> | undefined;

  const reload = (): void => {
    try {
      slot.step = loader.load(path);
      log.info({ file: path }, 'the route file was loaded again');
    } catch (error) {
      log.error({ file: path, err: error }, 'the changed route file cannot be loaded: the old one stays');
    }
    watchAll();
  };
  const changed = (name: string | null, folder: string): void => {
    if (name !== null && !loader.files.has(resolve(folder, basename(name)))) return;
    clearTimeout(quiet);
    quiet = setTimeout(reload, QUIET_MS);
  };
  // Folders, not files: a file that is replaced by another of its name would be lost from sight.
  const watchAll = (): void => {
    const folders = new Set([...loader.files].map((one) => dirname(one)));
    const next = new Map<string, FSWatcher>();
    for (const folder of folders) {
      const watcher = watched.get(folder) ?? watchFolder(folder, (name) => changed(name, folder), log);
      if (watcher !== undefined) next.set(folder, watcher);
    }
    for (const [folder, watcher] of watched) if (!next.has(folder)) watcher.close();
    watched = next;
  };
  watchAll();
  return {
    slot,
    close() {
      clearTimeout(quiet);
      for (const watcher of watched.values()) watcher.close();
      watched.clear();
    },
  };
}

function firstStep(loader: RouteLoader, path: string): RouteStep {
  try {
    return loader.load(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw new StartError(`The route file ${path} cannot be loaded: ${reason}.`, { cause: error });
  }
}

function watchFolder(folder: string, changed: (name: string | null) => void, log: Log): FSWatcher | undefined {
  const warn = (error: unknown): void =>
    log.warn({ folder, err: error }, 'a folder of the route file cannot be watched: changes need a restart');
  try {
    const watcher = watch(folder, { persistent: false }, (_event, name) => changed(name));
    watcher.on('error', warn);
    return watcher;
  } catch (error) {
    warn(error);
    return undefined;
  }
}

class RouteLoader {
  /** All that the last load, good or bad, has read. */
  files = new Set<string>();

  /** @throws whatever is wrong with the file. */
  load(path: string): RouteStep {
    this.files = new Set([path]);
    const exported = new Modules(this.files).load(path);
    const { default: byDefault, route } = exported as { default?: unknown; route?: unknown };
    const step = [byDefault, route, exported].find((one) => typeof one === 'function');
    if (step === undefined) throw new Error('it exports no function, neither as default nor as "route"');
    return step as RouteStep;
  }
}

interface Module {
  exports: unknown;
}

/** The files of one load, each evaluated once: the next load begins anew, and the old ones can be forgotten. */
class Modules {
  readonly #files: Set<string>;
  readonly #modules = new Map<string, Module>();

  constructor(files: Set<string>) {
    this.#files = files;
  }

  load(path: string): object {
    const known = this.#modules.get(path);
    if (known !== undefined) return known.exports as object;
    this.#files.add(path);
    const module: Module = { exports: {} };
    this.#modules.set(path, module);
    const source = readFileSync(path, 'utf8');
    if (extname(path) === '.json') module.exports = JSON.parse(source);
    else this.#run(path, source, module);
    return module.exports as object;
  }

  #run(path: string, source: string, module: Module): void {
    const transforms: Transform[] = /\.[cm]?ts$/.test(path) ? ['typescript', 'imports'] : ['imports'];
    const { code } = transform(source, { transforms, filePath: path });
    const names = ['exports', 'require', 'module', '__filename', '__dirname'];
    // Not a shared context of its own: what the file throws is an Error of ours, and it may use all that Node has.
    const run = compiled(code, names, path);
    run.call(module.exports, module.exports, this.#requireFrom(path), module, path, dirname(path));
  }

  #requireFrom(path: string): (name: string) => unknown {
    const outside = createRequire(path);
    return (name) => {
      if (!/^\.{0,2}\//.test(name)) return outside(name);
      const found = ENDINGS.map((ending) => resolve(dirname(path), name + ending)).find(isFile);
      if (found !== undefined) return this.load(found);
      // It may come: whoever makes it is not kept waiting for a change of the file that asks for it.
      this.#files.add(resolve(dirname(path), name));
      throw new Error(`${basename(path)} imports ${name}, which does not exist`);
    };
  }
}

/** The engine says where a mistake is only in the first line of the stack. */
function compiled(code: string, names: string[], path: string): ReturnType<typeof compileFunction> {
  try {
    return compileFunction(code, names, { filename: path });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${error.stack?.split('\n')[0] ?? path}: ${error.message}`, { cause: error });
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
