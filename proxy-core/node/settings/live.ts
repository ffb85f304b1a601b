/**
 * The settings in effect: what the command line says, else what is stored, else what an exchange begins with. The
 * exchange reads the objects that are changed here each time it needs a value, so that a change holds at once.
 */
import type { Store } from '../store/index.ts';
import { type Adjustable, adjustable, discordOf, readSetting, type SettingValue, type Values } from './adjustable.ts';

/** In the table of settings, before the name. */
export const SETTING_PREFIX = 'set.';

export type SettingSource = 'default' | 'stored' | 'command line';

export interface SettingState {
  readonly value: SettingValue;
  readonly source: SettingSource;
  /** What holds where nothing else is said. */
  readonly usual: SettingValue;
  /** Kept, whether or not it is in effect. */
  readonly stored?: SettingValue;
}

export interface LiveOptions {
  readonly store: Pick<Store, 'rows'>;
  /** As they are before anything stored is looked at; they are changed. */
  readonly values: Values;
  /** Names that the command line has said something about. */
  readonly fixed: readonly string[];
  /** Why a value cannot be had here, as a sentence. */
  readonly objection?: (name: string, value: SettingValue) => string | undefined;
}

export class LiveSettings {
  readonly #options: LiveOptions;
  readonly #usual = new Map<string, SettingValue>();

  constructor(options: LiveOptions) {
    this.#options = options;
    for (const one of adjustable.values()) this.#usual.set(one.name, one.get(options.values));
    for (const name of adjustable.keys()) this.refresh(name);
  }

  state(one: Adjustable): SettingState {
    const stored = this.#stored(one);
    const usual = this.#usual.get(one.name) ?? '';
    const value = one.get(this.#options.values);
    const source = this.#isFixed(one.name) ? 'command line' : stored === undefined ? 'default' : 'stored';
    return { value, source, usual, ...(stored !== undefined && { stored }) };
  }

  /** Why a value, or none, cannot be kept, as a sentence; undefined when nothing stands against it. */
  objection(one: Adjustable, value: SettingValue | undefined): string | undefined {
    if (value !== undefined) {
      const objection = this.#options.objection?.(one.name, value);
      if (objection !== undefined) return objection;
    }
    if (this.#isFixed(one.name)) return undefined;
    const { exchange, guard, log } = this.#options.values;
    const next = { exchange: { ...exchange }, guard: { ...guard }, log: { level: log.level } };
    one.set(next, (value ?? this.#usual.get(one.name)) as never);
    return discordOf(next);
  }

  /** Has what is stored take effect. */
  refresh(name: string): void {
    const one = adjustable.get(name);
    if (one === undefined || this.#isFixed(name)) return;
    const stored = this.#stored(one);
    const isHad = stored !== undefined && this.#options.objection?.(name, stored) === undefined;
    one.set(this.#options.values, (isHad ? stored : this.#usual.get(name)) as never);
  }

  #isFixed(name: string): boolean {
    return this.#options.fixed.includes(name);
  }

  /** What an older or newer version kept may be nothing that this one takes. */
  #stored(one: Adjustable): SettingValue | undefined {
    const [row] = this.#options.store.rows.read('settings', { key: `${SETTING_PREFIX}${one.name}` });
    const value = row?.value;
    if (value === undefined || value === null) return undefined;
    const read = readSetting(one, value);
    return read.ok ? read.value : undefined;
  }
}
