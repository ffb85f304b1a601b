/** Settings of the exchange, as the audit log knows them. */
import { adjustable, readSetting } from '../../settings/adjustable.ts';
import { SETTING_PREFIX } from '../../settings/live.ts';
import { type Kind, rowsOf, type Subject } from './kind.ts';

export const settingKind: Kind = {
  name: 'setting',
  topic: 'settings',
  isAlwaysThere: true,
  ...rowsOf({ table: 'settings', where: (name) => ({ key: `${SETTING_PREFIX}${name}` }) }),
  refresh: ({ settings }, name) => settings.refresh(name),
  objection({ settings }, name, fields) {
    const one = adjustable.get(name);
    if (one === undefined) return `there is no setting ${name} any more`;
    const read = fields === undefined ? undefined : readSetting(one, String(fields.value));
    if (read?.ok === false) return read.sentence.replace(/\.$/, '');
    return settings.objection(one, read?.value)?.replace(/\.$/, '');
  },
  show: (field, value) => ({ field, value: String(value) }),
};

export const settingSubject = (name: string): Subject => ({ kind: settingKind, key: name });
