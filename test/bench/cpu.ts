/** CPU time of a program and everything it started, from /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the kernel's own tick is (proc(5), sysconf(_SC_CLK_TCK)). */
const TICK_MS = 10;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMs: number;
}

function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name stands in brackets and may hold anything; the numbers come after the last bracket.
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { pid, parent: fields[1] ?? 0, cpuMs: ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS };
  } catch {
    return undefined;
  }
}

const everyStat = (): readonly Stat[] =>
  readdirSync('/proc').flatMap((name) => {
    const stat = /^\d+$/.test(name) ? readStat(Number(name)) : undefined;
    return stat === undefined ? [] : [stat];
  });

/** The processes of `root` and its living children, all the way down. */
export function familyOf(root: number, all = everyStat()): ReadonlySet<number> {
  const family = new Set([root]);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { pid, parent } of all) {
      if (family.has(parent) && !family.has(pid)) {
        family.add(pid);
        grown = true;
      }
    }
  }
  return family;
}

/** User and system time in ms of `root` and its living children, all the way down. */
export function cpuMs(root: number): number {
  const all = everyStat();
  const family = familyOf(root, all);
  return all.reduce((sum, stat) => sum + (family.has(stat.pid) ? stat.cpuMs : 0), 0);
}
