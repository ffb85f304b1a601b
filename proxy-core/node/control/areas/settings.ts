/** What may be set while the exchange runs. */
import * as v from 'valibot';
import { type Adjustable, adjustable, readSetting } from '../../settings/adjustable.ts';
import { SETTING_PREFIX, type SettingState } from '../../settings/live.ts';
import { change, list } from '../area.ts';
import { settingSubject } from '../audit/setting-kind.ts';
import { AdminError } from '../errors.ts';
import { type Page, pageFields } from '../paging.ts';
import type { AdminParts } from '../parts.ts';

export interface SettingInfo extends SettingState {
  readonly name: string;
  readonly what: string;
  readonly unit?: string;
  /** Of a number. */
  readonly min?: number;
  readonly max?: number;
  /** Of a word. */
  readonly choices?: readonly string[];
}

const nameField = v.pipe(
  v.string(),
  v.check((name) => adjustable.has(name), 'There is no such setting; "settings.list" names them.'),
);

function known(name: string): Adjustable {
  const one = adjustable.get(name);
  if (one === undefined) throw new AdminError('unknown', `There is no setting ${name}.`);
  return one;
}

function settingInfo({ settings }: AdminParts, one: Adjustable): SettingInfo {
  const { get: _get, set: _set, ...told } = one;
  return { ...told, ...settings.state(one) };
}

const isListed = ({ name, what }: Adjustable, text = ''): boolean =>
  [name, what].some((one) => one.toLowerCase().includes(text.toLowerCase()));

export const settingsArea = {
  // There are a few dozen: they make one page.
  'settings.list': list(
    v.strictObject(pageFields),
    ({ text, descending }, parts): Page<SettingInfo> => {
      const found = [...adjustable.values()].filter((one) => isListed(one, text));
      return { items: (descending === true ? found.reverse() : found).map((one) => settingInfo(parts, one)) };
    },
    {
      topic: 'settings',
      keyOf: ({ name }) => name,
      one(key, { text }, parts): SettingInfo | undefined {
        const one = adjustable.get(key);
        return one === undefined || !isListed(one, text) ? undefined : settingInfo(parts, one);
      },
    },
  ),

  /** Kept, and in effect at once unless the command line says otherwise. */
  'settings.set': change(
    v.strictObject({ name: nameField, value: v.union([v.string(), v.number()]) }),
    ({ name, value }, context): SettingInfo => {
      const one = known(name);
      const read = readSetting(one, value);
      if (!read.ok) throw new AdminError('invalid', read.sentence);
      const objection = context.settings.objection(one, read.value);
      if (objection !== undefined) throw new AdminError('invalid', objection);
      const row = { key: `${SETTING_PREFIX}${name}`, value: String(read.value) };
      context.record([settingSubject(name)], () => context.store.rows.put('settings', row, ['key']));
      context.settings.refresh(name);
      return settingInfo(context, one);
    },
  ),

  'settings.reset': change(v.strictObject({ name: nameField }), ({ name }, context): SettingInfo => {
    const one = known(name);
    const objection = context.settings.objection(one, undefined);
    if (objection !== undefined) throw new AdminError('invalid', objection);
    const key = `${SETTING_PREFIX}${name}`;
    context.record([settingSubject(name)], () => context.store.rows.remove('settings', { key }));
    context.settings.refresh(name);
    return settingInfo(context, one);
  }),
};
