/**
 * Finds imports that the rules do not allow and imports that run in a circle. Type-only imports count too, since a
 * circle of types ties files together just as well.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { parseSync } from 'vite';
import { onlyFor, pureRooms, type Room, rooms } from './rooms.ts';

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Source texts by path, relative to the project's root and with `/`. */
export type Sources = ReadonlyMap<string, string>;

type Node = { readonly type: string } & Record<string, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}

function* walk(root: unknown): Generator<Node> {
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (Array.isArray(value)) {
      pending.push(...value);
    } else if (isNode(value)) {
      yield value;
      pending.push(...Object.values(value));
    }
  }
}

function literal(value: unknown): string | undefined {
  return isNode(value) && value.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined;
}

/** `import {type A, type B}` imports types only, though it says so name by name. */
function typeOnly(node: Node): boolean {
  if (node.importKind === 'type' || node.exportKind === 'type') return true;
  const names = Array.isArray(node.specifiers) ? (node.specifiers as Node[]) : [];
  return names.length > 0 && names.every((name) => name.importKind === 'type' || name.exportKind === 'type');
}

function read(path: string, text: string): { imports: Import[]; problems: string[] } {
  const parsed = parseSync(path, text);
  const problems = parsed.errors.map((error) => `${path}: does not parse: ${error.message}`);
  const imports: Import[] = [];
  const pure = pureRooms.some((room) => within(path, room));
  if (pure && /^\s*\/\/\/\s*<reference/m.test(text)) {
    problems.push(`${path}: a reference directive brings in globals that are not everywhere`);
  }
  for (const node of walk(parsed.program)) {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
      case 'ImportExpression':
      case 'TSImportType': {
        if (node.source === null || node.source === undefined) break;
        const specifier = literal(node.source);
        if (specifier === undefined) problems.push(`${path}: an import whose name is computed cannot be checked`);
        else imports.push({ specifier, typeOnly: node.type === 'TSImportType' || typeOnly(node) });
        break;
      }
      case 'Identifier':
        if (pure && (node.name === 'globalThis' || node.name === 'require')) {
          problems.push(`${path}: ${node.name} is not for a room that runs anywhere`);
        }
        break;
      case 'TSGlobalDeclaration':
      case 'TSModuleDeclaration':
        if (pure && node.kind !== 'module') problems.push(`${path}: declares globals`);
        break;
    }
  }
  return { imports, problems };
}

function within(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}

function roomOf(path: string): Room | undefined {
  return rooms
    .filter((room) => within(path, room.path))
    .sort((a, b) => b.path.length - a.path.length)
    .at(0);
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function packageAllowed(path: string, room: Room, name: string): boolean {
  const doors = onlyFor[name];
  if (doors !== undefined && !doors.some((door) => within(path, door))) return false;
  return room.packages === 'any' || room.packages.includes(name);
}

function allowed(path: string, room: Room, item: Import): boolean {
  if (item.specifier.startsWith('.')) {
    const target = resolve(path, item.specifier);
    const targetRoom = roomOf(target);
    if (targetRoom === undefined) return false;
    if (targetRoom === room) return true;
    if (room.rooms.some((other) => within(target, other))) return true;
    return item.typeOnly && (room.types ?? []).some((other) => within(target, other));
  }
  if (item.specifier.startsWith('node:')) return room.node;
  const name = packageOf(item.specifier);
  // Without its prefix a Node module looks like a package.
  if (builtinModules.includes(name)) return false;
  return packageAllowed(path, room, name);
}

function resolve(from: string, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(from), specifier.replace(/\?.*$/, '')));
}

/** Every sentence is one broken rule; none means that the house is as drawn. */
export function checkImports(sources: Sources): string[] {
  const problems: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, text] of sources) {
    const room = roomOf(path);
    if (room === undefined) {
      problems.push(`${path}: belongs to no room of the house`);
      continue;
    }
    const found = read(path, text);
    problems.push(...found.problems);
    for (const item of found.imports) {
      if (!allowed(path, room, item)) problems.push(`${path}: may not import ${item.specifier}`);
    }
    graph.set(
      path,
      found.imports.filter((item) => item.specifier.startsWith('.')).map((item) => resolve(path, item.specifier)),
    );
  }
  return [...problems, ...findCycles(graph)];
}

/** One sentence for each import that closes a circle, by depth-first search over files not yet finished. */
function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const cycles: string[] = [];
  const finished = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      cycles.push(`cycle: ${[...trail.slice(start), path].join(' → ')}`);
      return;
    }
    if (finished.has(path)) return;
    trail.push(path);
    for (const next of graph.get(path) ?? []) visit(next);
    trail.pop();
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path);
  return cycles;
}
