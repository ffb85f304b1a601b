/** Who in a file is new, who is known, and what becomes of them. */
import { expect, test } from 'vitest';
import { editsOf, planImport } from '../../../../../app/renderer/store/contact-import.ts';
import type { ContactDraft } from '../../../../../app/shared/contact-files/draft.ts';
import { contactOf, contactsOf } from '../../../../support/window/people.ts';

const draft = (name: string, number: string, more: Partial<ContactDraft> = {}): ContactDraft => ({
  ...{ name, company: '', numbers: [{ kind: 'mobile', value: number }], emails: [], note: '', photo: '', ...more },
});
const eva = contactOf('Eva Malá', '+420 221 555 014', { emails: ['eva@kolben.example'] });

test('one is known by a number in any notation, or by an e-mail', () => {
  const plan = planImport(
    [
      draft('EVA MALA', '221555014'),
      draft('Reception', '00420221555014'),
      draft('Eva M.', '602 000 111', { emails: ['Eva@Kolben.example'] }),
      draft('Adam', '014'),
    ],
    [eva],
    'CZ',
  );
  expect(plan.known.map(({ draft: { name }, sameName }) => [name, sameName])).toEqual([
    ['EVA MALA', true],
    ['Reception', false],
    ['Eva M.', false],
  ]);
  expect(plan.fresh.map(({ name }) => name)).toEqual(['Adam']);
});

test('what is new of one who is known is added to him, once, and nothing is lost', () => {
  const more = draft('Eva Malá', '602 000 111', {
    emails: ['EVA@kolben.example', 'mala@home.example'],
    company: 'Kolben',
  });
  const plan = planImport([more, { ...more, note: 'Sales' }, draft('Eva Malá', '221 555 014')], [eva], 'CZ');
  expect(editsOf(plan, 'merge', 'CZ')).toEqual([
    {
      isNew: false,
      photo: '',
      edit: {
        ...{ id: eva.id, name: 'Eva Malá', company: 'Kolben', note: 'Sales', favourite: false },
        emails: ['eva@kolben.example', 'mala@home.example'],
        numbers: [
          { kind: 'work', value: '+420 221 555 014' },
          { kind: 'mobile', value: '602 000 111' },
        ],
      },
    },
  ]);
  expect(editsOf(plan, 'leave', 'CZ')).toEqual([]);
  expect(editsOf(plan, 'add', 'CZ').map(({ isNew }) => isNew)).toEqual([true, true, true]);
});

test('one of whom nothing is new stays untouched', () => {
  const plan = planImport([draft('Eva Malá', '221 555 014')], [eva], 'CZ');
  expect(editsOf(plan, 'merge', 'CZ')).toEqual([]);
});

test('one who is twice in the file is taken once', () => {
  const plan = planImport(
    [draft('Adam', '1'), draft('Adam', '1', { company: 'Kolben' }), draft('Adam', '2')],
    [],
    'CZ',
  );
  expect(plan.fresh.map(({ company, numbers }) => [company, numbers[0]?.value])).toEqual([
    ['Kolben', '1'],
    ['', '2'],
  ]);
});

test('ten thousand who are known cost little', () => {
  const own = contactsOf(10_000);
  const began = performance.now();
  const plan = planImport(
    own.map(({ name, numbers }) => draft(name, numbers[0]?.value ?? '', { company: 'New' })),
    own,
    'CZ',
  );
  const edits = editsOf(plan, 'merge', 'CZ');
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(edits.length).toBeGreaterThan(6_000);
  expect(edits.every(({ isNew }) => !isNew)).toBe(true);
});
