/** Sentences from elsewhere are known again by their words, whatever values stand in them. */
import { afterEach, expect, it } from 'vitest';
import { i18n, saidInEnglish, speak } from '../../../../app/words/language.ts';
import { said } from '../../../../app/words/said.ts';

const uncapitalised = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

afterEach(() => speak('en', 'en-US'));

it('English stays as it is', () => {
  expect(said('1002 is busy.')).toBe('1002 is busy.');
});

it.each(['ru', 'cs'] as const)('each sentence is found again with its values: %s', async (language) => {
  await speak(language, language);
  expect(saidInEnglish().length).toBeGreaterThan(200);
  for (const [english, id] of saidInEnglish()) {
    const values: Record<string, string> = {};
    const filled = english.replace(/\{(\w+)\}/g, (_, name: string) => {
      values[name] ??= `value-${name}`;
      return values[name];
    });
    // What begins with a capital in English has one, if it is a clause elsewhere.
    expect(uncapitalised(said(filled)), english).toBe(uncapitalised(i18n._(id, values)));
  }
});

it('a sentence in another one is translated too, with or without its full stop', async () => {
  await speak('ru', 'ru-RU');
  expect(said('The server cannot be reached: The disk is full.')).toBe('Сервер недоступен: Диск заполнен.');
  expect(said('The number is busy')).toBe('Номер занят');
  expect(said('The call was ended: The number is busy.')).toBe('Вызов завершён: Номер занят.');
});

it('what is not known, or far too long, stays as it came', async () => {
  await speak('cs', 'cs-CZ');
  expect(said('Quite another thing')).toBe('Quite another thing');
  const long = `${'x'.repeat(3_000)} is busy.`;
  expect(said(long)).toBe(long);
});
