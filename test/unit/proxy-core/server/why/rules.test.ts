/** Each rule by itself: what happened, and the sentence that a person reads. */
import { describe, expect, test } from 'vitest';
import { whyCall } from '../../../../../proxy-core/server/why/explain.ts';
import type { Reason } from '../../../../../proxy-core/server/why/reason.ts';
import { failureRules, symptomRules } from '../../../../../proxy-core/server/why/rules.ts';
import { TraceScript } from '../../../../support/trace-script.ts';
import { factsOf, type Known } from '../../../../support/why-facts.ts';
import { calls } from './cases/calls.ts';
import type { Case } from './cases/case.ts';
import { entrance } from './cases/entrance.ts';
import { ways } from './cases/ways.ts';

const cases = [...entrance, ...calls, ...ways];

function explained({ happened }: Case): { reason: Reason | undefined; script: TraceScript } {
  const script = new TraceScript();
  const known = happened(script);
  const facts = factsOf(script, typeof known === 'object' && known !== null ? (known as Known) : {});
  return { reason: whyCall(facts)[0], script };
}

describe('the rule', () => {
  const named = cases.map((one) => [`${one.key}${one.what === undefined ? '' : `: ${one.what}`}`, one] as const);
  test.each(named)('%s', (_name, one) => {
    const { reason, script } = explained(one);
    expect([reason?.key, reason?.text]).toEqual([
      one.key,
      typeof one.says === 'string' ? one.says : expect.stringMatching(one.says),
    ]);
    if (one.todo !== undefined) expect(reason?.todo).toMatch(one.todo);
    // What it rests on is there to be looked at.
    const ids = script.entries.map(({ id }) => id);
    expect(reason?.messages.length).toBeGreaterThan(0);
    for (const id of reason?.messages ?? []) expect(ids).toContain(id);
  });
});

test('every rule is tested, and no two have one key', () => {
  const keys = [...failureRules, ...symptomRules].map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const tested = new Set(cases.map(({ key }) => key));
  expect(keys.filter((key) => !tested.has(key))).toEqual([]);
});

test('every sentence is one for people: one line, whole, without what no office knows', () => {
  for (const one of cases) {
    const { reason } = explained(one);
    for (const text of [reason?.text ?? '', reason?.todo ?? '']) {
      expect(text).toMatch(/^[A-Z\d“"].*\.$|^sips?:.*\.$/);
      expect(text).not.toMatch(/[\r\n]|undefined|NaN|\[object/);
      expect(text.length).toBeLessThan(420);
    }
  }
});
