import { describe, expect, test } from 'vitest';
import { colleaguesText, colleagueText, readColleagues } from '../../../../../proxy-core/sip/bodies/colleagues.ts';

const head = { version: 3, domain: 'office.example', isFull: true, hasMore: false, gone: [] };

describe('a document of colleagues', () => {
  test.each(['available', 'in-call', 'ringing', 'do-not-disturb', 'offline', 'unknown'] as const)(
    'is read as it was written: %s',
    (state) => {
      const jana = { number: '1002', name: 'Jana "Žofie" Dvořáková\n', state };
      const text = colleaguesText({ ...head, gone: ['1009'] }, [colleagueText(jana)]);
      expect([...text].every((char) => char.charCodeAt(0) < 256)).toBe(true);
      expect(readColleagues(text)).toEqual({ ok: true, value: { ...head, gone: ['1009'], users: [jana] } });
    },
  );

  test('takes some forty bytes for each', () => {
    expect(colleagueText({ number: '1002', name: 'Jana Dvořáková', state: 'available' }).length).toBeLessThan(40);
  });

  test.each([
    ['no JSON', '{"version":1'],
    ['nothing', 'null'],
    ['a list', '[]'],
    ['no version', '{"domain":"a","users":[]}'],
    ['no domain', '{"version":1,"users":[]}'],
    ['no users', '{"version":1,"domain":"a"}'],
    ['a gone that is none', '{"version":1,"domain":"a","users":[],"gone":1}'],
  ])('with %s is refused', (_what, text) => {
    expect(readColleagues(text).ok).toBe(false);
  });

  test('is read for what it says, and what is nobody is passed over', () => {
    const long = 'x'.repeat(300);
    const users = [1, null, [], ['', 'A', 'a'], [long, 'A', 'a'], ['1', 2, 'a'], ['1', 'A', 'z'], ['2', long, 'o']];
    const read = readColleagues(JSON.stringify({ version: 0, domain: 'a', users, gone: [1, '', '7'] }));
    expect(read).toEqual({
      ok: true,
      value: {
        ...{ version: 0, domain: 'a', isFull: false, hasMore: false, gone: ['7'] },
        users: [{ number: '2', name: 'x'.repeat(200), state: 'offline' }],
      },
    });
  });
});
