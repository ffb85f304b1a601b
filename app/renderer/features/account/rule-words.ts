/** A rule for dialling, in words. */
import { t } from '@lingui/core/macro';
import type { DialRule, NumberForm } from '../../store/types.ts';

export function ruleWords(rule: DialRule): string {
  switch (rule.kind) {
    case 'outside':
      return t`Dial ${rule.prefix} first for numbers of ${rule.digits} digits or more`;
    case 'form':
      return formWords(rule.form);
    case 'replace':
      return rule.by === ''
        ? t`Leave out ${rule.prefix} at the beginning`
        : t`${rule.by} in place of ${rule.prefix} at the beginning`;
    case 'pattern':
      return t`${rule.pattern} becomes ${rule.by}`;
  }
}

export function formWords(form: NumberForm): string {
  switch (form) {
    case 'plus':
      return t`Outside numbers with plus and country code`;
    case 'abroad':
      return t`Outside numbers as if dialled to another country`;
    case 'home':
      return t`Numbers of this country without its code`;
  }
}
