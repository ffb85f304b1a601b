import { expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { OfficeAdmin } from '../../../../../app/renderer/store/office-admin.ts';
import { createOfficeAnswer } from '../../../../../app/renderer/store/office-answer.ts';
import type { OfficeStore } from '../../../../../app/renderer/store/office-store.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { runningOffice } from '../../../../support/window/fake-ports.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Of an exchange whose answers come when the test gives them. */
function follow() {
  const clock = new FakeClock();
  const asked: ((value: unknown) => void)[] = [];
  const admin = { ask: () => new Promise((answer) => asked.push(answer)) } as unknown as OfficeAdmin;
  const office = createStore<{ office: object }>(() => ({ office: runningOffice }));
  const answer = createOfficeAnswer({ admin, office: office as unknown as OfficeStore, clock }, 'status', {});
  const release = answer.follow(1_000);
  return { clock, asked, office, answer, release };
}

test('an office that comes back while it is asked is asked by one round from then on', async () => {
  const { clock, asked, office, answer, release } = follow();
  office.setState({ office: { state: 'starting' } });
  office.setState({ office: runningOffice });
  expect(asked).toHaveLength(2);
  asked[0]?.({ ok: true, value: 'of before' });
  asked[1]?.({ ok: true, value: 'of now' });
  await settled();
  expect(answer.getState()).toEqual({ state: 'ready', value: 'of now' });
  clock.advance(1_000);
  expect(asked).toHaveLength(3);
  release();
  clock.advance(5_000);
  expect(asked).toHaveLength(3);
});
