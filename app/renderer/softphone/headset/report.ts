/** Reads the reports of a device by its own description of them, and writes those for its lamps (HID 1.11 §5, §6.2.2). */
import type { HidCollection, HidItem } from './hid.ts';

/** One element of a report. An array's element names which of its usages is on. */
interface Field {
  readonly at: number;
  readonly size: number;
  readonly usages: readonly number[];
  readonly isArray: boolean;
  readonly least: number;
}

export interface Layout {
  readonly fields: readonly Field[];
  /** Of the whole report, without its id. */
  readonly bytes: number;
}

/** A description comes from whatever was plugged in. */
const MAX_BITS = 8 * 4_096;
const MAX_USAGES = 1_024;

type Kind = 'inputReports' | 'outputReports';

/** By report id; a report that is described without measure is left out. */
export function layoutsOf(collections: readonly HidCollection[], kind: Kind): ReadonlyMap<number, Layout> {
  const layouts = new Map<number, Layout>();
  for (const collection of collections) {
    for (const id of idsIn(collection, kind)) {
      const layout = layOut(itemsOf(collection, kind, id));
      if (layout !== undefined && !layouts.has(id)) layouts.set(id, layout);
    }
  }
  return layouts;
}

function idsIn(collection: HidCollection, kind: Kind): ReadonlySet<number> {
  const ids = new Set((collection[kind] ?? []).map(({ reportId = 0 }) => reportId));
  for (const child of collection.children ?? []) for (const id of idsIn(child, kind)) ids.add(id);
  return ids;
}

/** What stands in a collection within may be listed with the outer one too. */
function itemsOf(collection: HidCollection, kind: Kind, id: number): readonly HidItem[] {
  const own = (collection[kind] ?? []).filter(({ reportId = 0 }) => reportId === id).flatMap(({ items = [] }) => items);
  const known = new Set(own.flatMap(usagesOf));
  const within = (collection.children ?? []).map((child) => itemsOf(child, kind, id));
  return [...own, ...within.filter((items) => !items.flatMap(usagesOf).every((usage) => known.has(usage))).flat()];
}

function usagesOf({ usages = [], isRange, usageMinimum = 0, usageMaximum = 0 }: HidItem): readonly number[] {
  if (isRange !== true) return usages.slice(0, MAX_USAGES);
  const count = Math.min(Math.max(usageMaximum - usageMinimum + 1, 0), MAX_USAGES);
  return Array.from({ length: count }, (_, index) => usageMinimum + index);
}

function layOut(items: readonly HidItem[]): Layout | undefined {
  const fields: Field[] = [];
  let at = 0;
  for (const item of items) {
    const { reportSize: size = 0, reportCount: count = 0, isArray = false, logicalMinimum: least = 0 } = item;
    if (!(size >= 0 && count >= 0 && at + size * count <= MAX_BITS)) return undefined;
    const usages = usagesOf(item);
    for (let index = 0; index < count && size > 0; index++, at += size) {
      // The last usage stands for all elements that are left.
      const own = isArray ? usages : usages.slice(Math.min(index, usages.length - 1)).slice(0, 1);
      if (own.length > 0 && size <= 32) fields.push({ at, size, usages: own, isArray, least });
    }
  }
  return { fields, bytes: Math.ceil(at / 8) };
}

/** The usages that are on; of a report that is too short, those that are in it. */
export function usagesOn({ fields }: Layout, data: DataView): ReadonlySet<number> {
  const on = new Set<number>();
  for (const { at, size, usages, isArray, least } of fields) {
    const value = bitsAt(data, at, size);
    const usage = isArray ? usages[value - least] : value === 0 ? undefined : usages[0];
    if (usage !== undefined && (usage & 0xffff) !== 0) on.add(usage);
  }
  return on;
}

function bitsAt(data: DataView, at: number, size: number): number {
  let value = 0;
  for (let bit = 0; bit < size; bit++) {
    const place = at + bit;
    if (place >> 3 >= data.byteLength) return 0;
    if ((data.getUint8(place >> 3) >> (place & 7)) & 1) value += 2 ** bit;
  }
  return value;
}

/** The report in which these usages are on and all others off. */
export function reportOf({ fields, bytes }: Layout, on: ReadonlySet<number>): Uint8Array {
  const report = new Uint8Array(bytes);
  const put = (at: number, size: number, value: number): void => {
    for (let bit = 0; bit < size; bit++) {
      const place = (at + bit) >> 3;
      if (Math.floor(value / 2 ** bit) % 2 === 1) report[place] = (report[place] ?? 0) | (1 << ((at + bit) & 7));
    }
  };
  for (const { at, size, usages, isArray, least } of fields) {
    const index = usages.findIndex((usage) => on.has(usage));
    if (index >= 0) put(at, size, isArray ? index + least : 1);
  }
  return report;
}

/** Whether the report has this usage in it. */
export const hasUsage = ({ fields }: Layout, usage: number): boolean =>
  fields.some(({ usages }) => usages.includes(usage));
