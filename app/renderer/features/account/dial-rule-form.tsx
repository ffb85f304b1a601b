/** One rule for dialling, new or changed: what kind it is, and the few numbers that it needs. */
import { t } from '@lingui/core/macro';
import { type FormEvent, useState } from 'react';
import {
  DIAL_PREFIX,
  type DialRule,
  fitsPattern,
  LEAST_OUTSIDE_DIGITS,
  MAX_DIAL_TEXT,
  MOST_OUTSIDE_DIGITS,
  NUMBER_FORMS,
  type NumberForm,
} from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { formWords } from './rule-words.ts';

type Kind = DialRule['kind'] | 'remove';

const kinds = (): readonly (readonly [Kind, string])[] => [
  ['outside', t`A prefix for an outside line`],
  ['form', t`How outside numbers are written`],
  ['remove', t`Leave out a beginning`],
  ['replace', t`Replace a beginning`],
  ['pattern', t`Numbers of a pattern`],
];

/** All fields of all kinds, as typed. */
interface Draft {
  readonly kind: Kind;
  readonly prefix: string;
  readonly digits: string;
  readonly by: string;
  readonly form: NumberForm;
  readonly pattern: string;
}

function draftOf(rule: DialRule | undefined): Draft {
  const empty: Draft = { kind: 'outside', prefix: '0', digits: '7', by: '', form: 'plus', pattern: '' };
  if (rule === undefined) return empty;
  if (rule.kind === 'outside') return { ...empty, prefix: rule.prefix, digits: String(rule.digits) };
  if (rule.kind === 'replace' && rule.by === '') return { ...empty, kind: 'remove', prefix: rule.prefix };
  return { ...empty, ...rule };
}

/** The rule, or why it is none yet. */
function ruleOf({ kind, prefix, digits, by, form, pattern }: Draft): DialRule | string {
  const [text, other] = [prefix.trim(), by.trim()];
  const isPrefix = text !== '' && DIAL_PREFIX.test(text);
  switch (kind) {
    case 'outside': {
      const least = Number(digits);
      if (!isPrefix) return t`Type what is dialled first, such as 0.`;
      if (!Number.isInteger(least) || least < LEAST_OUTSIDE_DIGITS || least > MOST_OUTSIDE_DIGITS)
        return t`Type a number from ${LEAST_OUTSIDE_DIGITS} to ${MOST_OUTSIDE_DIGITS}.`;
      return { kind, prefix: text, digits: least };
    }
    case 'form':
      return { kind, form };
    case 'remove':
      return isPrefix ? { kind: 'replace', prefix: text, by: '' } : t`Type the digits at the beginning.`;
    case 'replace':
      return isPrefix && DIAL_PREFIX.test(other)
        ? { kind, prefix: text, by: other }
        : t`Type the digits at the beginning.`;
    case 'pattern': {
      const [from, to] = [pattern.trim().toUpperCase(), other.toUpperCase()];
      if (fitsPattern(from, to)) return { kind, pattern: from, by: to };
      return t`Write digits, X for any digit, and a full stop at the end for any more of them. Each X on the right needs one on the left.`;
    }
  }
}

export interface DialRuleFormProps {
  /** Undefined for a new one. */
  readonly rule: DialRule | undefined;
  onSave(rule: DialRule): void;
  onCancel(): void;
}

export function DialRuleForm({ rule, onSave, onCancel }: DialRuleFormProps) {
  const [draft, setDraft] = useState(() => draftOf(rule));
  const [problem, setProblem] = useState<string>();
  const change = (part: Partial<Draft>) => {
    setDraft({ ...draft, ...part });
    setProblem(undefined);
  };
  const field = (name: 'prefix' | 'digits' | 'by' | 'pattern') => ({
    value: draft[name],
    maxLength: MAX_DIAL_TEXT,
    onChange: ({ target }: { target: HTMLInputElement }) => change({ [name]: target.value }),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const made = ruleOf(draft);
    if (typeof made === 'string') setProblem(made);
    else onSave(made);
  };
  const { kind } = draft;

  return (
    <form className="form dial-rule-form" onSubmit={save} noValidate>
      <Select label={t`What to do`} value={kind} choices={kinds()} onChange={(next) => change({ kind: next })} />
      {kind === 'outside' ? (
        <>
          <TextField label={t`Dialled first`} error={problem} {...field('prefix')} />
          <TextField
            label={t`Digits of an outside number`}
            hint={t`At least`}
            inputMode="numeric"
            {...field('digits')}
          />
        </>
      ) : null}
      {kind === 'form' ? (
        <Select
          label={t`Write them`}
          value={draft.form}
          choices={NUMBER_FORMS.map((form) => [form, formWords(form)] as const)}
          onChange={(form) => change({ form })}
        />
      ) : null}
      {kind === 'remove' || kind === 'replace' ? (
        <TextField label={t`Beginning`} hint={t`Such as 0 or +420`} error={problem} {...field('prefix')} />
      ) : null}
      {kind === 'pattern' ? (
        <TextField
          label={t`Numbers like`}
          hint={t`X is a digit, . any number of them`}
          error={problem}
          {...field('pattern')}
        />
      ) : null}
      {kind === 'replace' || kind === 'pattern' ? (
        <TextField label={kind === 'pattern' ? t`Are dialled as` : t`Dialled in its place`} {...field('by')} />
      ) : null}
      <div className="dial-rule-actions">
        <Button onClick={onCancel}>{t`Cancel`}</Button>
        <Button kind="primary" type="submit">
          {t`Save rule`}
        </Button>
      </div>
    </form>
  );
}
