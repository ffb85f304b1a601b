import { describe, expect, it } from 'vitest';
import {
  idle,
  registrationSnapshot,
  stepRegistration,
} from '../../../../../../app/renderer/softphone/registration/machine.ts';
import { refreshAfter } from '../../../../../../app/renderer/softphone/registration/pauses.ts';
import type { Registration, RegistrationEvent } from '../../../../../../app/renderer/softphone/registration/types.ts';

const NOW = 1_000_000;
const step = (at: Registration, event: RegistrationEvent, now = NOW) => stepRegistration(at, event, now, 0, '1001');
const run = (events: readonly RegistrationEvent[], now = NOW) =>
  events.reduce((at, event) => step(at.next, event, now), { next: idle(60), effects: [] } as ReturnType<typeof step>);
const answered = (status: number, more = {}): RegistrationEvent => ({ type: 'answered', answer: { status, ...more } });
const begun: RegistrationEvent[] = [{ type: 'start' }, { type: 'opened' }];
const kinds = (effects: ReturnType<typeof step>['effects']) => effects.map((effect) => effect.do);

describe('a registration', () => {
  it('opens its connection, registers and refreshes before the end', () => {
    expect(kinds(run([{ type: 'start' }]).effects)).toEqual(['no-timer', 'open']);
    expect(run(begun).effects[0]).toEqual({ do: 'register', expires: 60 });
    const done = run([...begun, answered(200, { expires: 60 })]);
    expect(done.next).toMatchObject({ state: 'registered', expiresAt: NOW + 60_000 });
    expect(done.effects).toEqual([{ do: 'timer', ms: 45_000 }]);
    expect(kinds(step(done.next, { type: 'timer' }).effects)).toEqual(['no-timer', 'open']);
  });

  it('stays registered in the eyes of the person while it refreshes', () => {
    const refreshing = run([...begun, answered(200, { expires: 60 }), { type: 'timer' }, { type: 'opened' }]);
    expect(refreshing.next.state).toBe('registering');
    expect(registrationSnapshot(refreshing.next, NOW)).toEqual({ state: 'registered', expiresAt: NOW + 60_000 });
    expect(registrationSnapshot(refreshing.next, NOW + 61_000)).toEqual({ state: 'registering' });
  });

  it.each([
    [401, true, true],
    [407, true, true],
    [403, true, false],
    [404, true, false],
    [405, true, false],
    [420, true, false],
    [500, false, false],
    [503, false, false],
    [408, false, false],
    [302, false, false],
  ])('after %i gives up for good: %s, for its password: %s', (status, forGood, password) => {
    const { next, effects } = run([...begun, answered(status)]);
    const shown = registrationSnapshot(next, NOW);
    expect(shown).toMatchObject({ state: 'failed', ...(password ? { wrongPassword: true } : {}) });
    expect('retryAt' in shown).toBe(!forGood);
    expect(kinds(effects)).toEqual([forGood ? 'no-timer' : 'timer']);
    // Nothing but a person or another network begins anew.
    if (forGood) expect(step(next, { type: 'timer' }).effects).toEqual([]);
    expect(kinds(step(next, { type: 'now' }).effects)).toEqual(['no-timer', 'open']);
    expect(kinds(step(next, { type: 'network-changed' }).effects)).toEqual(['abandon', 'no-timer', 'open']);
  });

  it('asks for as long as the registrar wants, once', () => {
    const longer = run([...begun, answered(423, { minExpires: 300 })]);
    expect(longer.effects[0]).toEqual({ do: 'register', expires: 300 });
    expect(step(longer.next, answered(423, { minExpires: 300 })).next.state).toBe('waiting');
    expect(run([...begun, answered(423, { minExpires: 9e9 })]).next.state).toBe('waiting');
    expect(run([...begun, answered(423)]).next.state).toBe('waiting');
  });

  it('waits longer after each failure, up to 30 s, and tells until when', () => {
    let at = run(begun).next;
    const pauses: number[] = [];
    for (let i = 0; i < 8; i++) {
      const failed = step(at, { type: 'unreachable', reason: 'No.' });
      const shown = registrationSnapshot(failed.next, NOW);
      if (shown.state === 'failed') pauses.push((shown.retryAt ?? 0) - NOW);
      at = step(step(failed.next, { type: 'timer' }).next, { type: 'opened' }).next;
    }
    expect(pauses).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 25_000, 25_000, 25_000]);
    expect(stepRegistration(at, { type: 'unreachable', reason: 'No.' }, NOW, 1, '1001').effects).toEqual([
      { do: 'timer', ms: 30_000 },
    ]);
    // Only a connection that holds has ended the trouble.
    const back = step(at, answered(200, { expires: 60 })).next;
    const refreshing = step(step(back, { type: 'timer' }).next, { type: 'opened' }).next;
    expect([back.failures, step(refreshing, answered(200, { expires: 60 })).next.failures]).toEqual([8, 0]);
  });

  it('honours Retry-After', () => {
    expect(run([...begun, answered(503, { retryAfterMs: 90_000 })]).effects).toEqual([{ do: 'timer', ms: 90_000 }]);
  });

  it('does not wait for ever for an answer', () => {
    const late = step(run(begun).next, { type: 'timer' });
    expect(kinds(late.effects)).toEqual(['abandon', 'timer']);
    expect(registrationSnapshot(late.next, NOW)).toMatchObject({ reason: 'The server does not answer.' });
  });

  it('registers again from its public address, but not for ever', () => {
    let at = run(begun).next;
    const seen: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { next, effects } = step(at, answered(200, { expires: 60, moved: true }));
      seen.push(effects[0]?.do ?? '');
      if (next.state !== 'registering') break;
      at = next;
    }
    expect(seen).toEqual(['register', 'register', 'register', 'timer']);
  });

  it('takes itself off when it signs out, and ends even where nobody answers', () => {
    const on = run([...begun, answered(200, { expires: 60 })]).next;
    const off = step(on, { type: 'sign-out' });
    expect(off.effects).toContainEqual({ do: 'register', expires: 0 });
    for (const event of [
      answered(200),
      { type: 'timer' },
      { type: 'unreachable', reason: '' },
    ] as RegistrationEvent[]) {
      expect(step(off.next, event)).toMatchObject({
        next: { state: 'idle' },
        effects: [{ do: 'no-timer' }, { do: 'close' }],
      });
    }
    expect(kinds(run([{ type: 'start' }, { type: 'sign-out' }]).effects)).toEqual(['abandon', 'no-timer', 'close']);
    expect(step(off.next, { type: 'now' }).effects).toEqual([]);
  });

  it.each([
    [60_000, 0, 45_000],
    [60_000, 1, 54_000],
    [3_600_000, 1, 3_240_000],
    [12_000, 1, 7_000],
    [4_000, 1, 2_000],
    [500, 0, 1_000],
  ])('given %i ms, with chance %i, refreshes after %i', (given, chance, ms) => {
    expect(refreshAfter(given, chance)).toBe(ms);
  });
});
