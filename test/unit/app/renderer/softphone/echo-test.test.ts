import { expect, it } from 'vitest';
import { createEchoTest, type EchoView } from '../../../../../app/renderer/softphone/echo-test.ts';
import type { PeerMedia, PeerMediaListener, SoundLevels } from '../../../../../app/renderer/softphone/media.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { unheard } from '../../../../support/unheard.ts';

const QUIET: SoundLevels = { microphone: 0, microphoneMuted: false, energy: 0, heard: 0, packets: 0 };

function world() {
  const clock = new FakeClock();
  const log: string[] = [];
  const views: EchoView[] = [];
  const state = { levels: QUIET, noLevels: '', noMicrophone: '', noGateway: '' };
  let listener: PeerMediaListener | undefined;
  const peer: PeerMedia = {
    ...unheard,
    offer: async () => 'offer',
    answer: async (sdp) => void log.push(`answer ${sdp}`),
    levels: async () => {
      if (state.noLevels) throw new Error(state.noLevels);
      return state.levels;
    },
    close: () => void log.push('page closes'),
  };
  const test = createEchoTest(
    {
      clock,
      random: () => '1',
      media: {
        open: async (next) => {
          listener = next;
          return state.noMicrophone ? { ok: false, reason: state.noMicrophone } : { ok: true, media: peer };
        },
      },
      gateway: {
        echo: async () =>
          state.noGateway ? { ok: false, status: 500, reason: state.noGateway } : { ok: true, webrtcAnswer: 'echo' },
        close: async () => void log.push('gateway closes'),
      },
    },
    (view) => views.push(view),
  );
  const pass = async (ms: number): Promise<void> => {
    for (let left = ms; left > 0; left -= 100) {
      clock.advance(100);
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    }
  };
  const verdict = () => {
    const view = views.at(-1);
    return view?.state === 'talking' ? view.verdict : view;
  };
  return { clock, log, views, state, test, pass, verdict, told: () => listener };
}

it('rings first, then lets the person hear himself, and says that it works', async () => {
  const { test, pass, views, state, verdict, log } = world();
  test.start();
  expect(views).toEqual([{ state: 'ringing' }]);
  await pass(2_300);
  expect(verdict()).toMatch(/say something/i);
  state.levels = { ...QUIET, microphone: 0.3, packets: 20 };
  await pass(200);
  expect(views.at(-1)).toMatchObject({ state: 'talking', heard: false, back: 0 });
  state.levels = { ...QUIET, microphone: 0, heard: 0.3, packets: 90 };
  await pass(200);
  expect(views.at(-1)).toMatchObject({ state: 'talking', heard: true });
  expect(verdict()).toMatch(/your voice came back/i);
  test.stop();
  expect(views.at(-1)).toEqual({ state: 'idle' });
  expect(log).toEqual(['answer echo', 'page closes', 'gateway closes']);
});

it('says that it broke off where the sound is not to be asked any more, and lets go of everything', async () => {
  const { test, pass, state, verdict, log, clock } = world();
  test.start();
  await pass(2_300);
  state.noLevels = 'the connection is closed';
  await pass(200);
  expect(verdict()).toEqual({ state: 'failed', reason: 'The test call broke off: the connection is closed.' });
  expect(log).toEqual(['answer echo', 'page closes', 'gateway closes']);
  expect(clock.waiting).toBe(0);
});

it.each<[string, Partial<SoundLevels>, RegExp]>([
  ['a muted device', { microphoneMuted: true }, /microphone is muted/i],
  ['nothing that comes back', { microphone: 0.3 }, /nothing comes back: a firewall/i],
  ['a microphone that gives nothing', { packets: 100 }, /nothing is heard from your microphone/i],
  ['a voice that is lost on the way', { microphone: 0.3, packets: 100 }, /does not come back yet/i],
])('names %s', async (_, levels, words) => {
  const { test, pass, state, verdict } = world();
  state.levels = { ...QUIET, ...levels };
  test.start();
  await pass(7_000);
  expect(verdict()).toMatch(words);
  test.stop();
});

it('says why it cannot be made, and lets everything go', async () => {
  const one = world();
  one.state.noMicrophone = 'There is no microphone.';
  one.test.start();
  await one.pass(2_300);
  expect(one.views.at(-1)).toEqual({ state: 'failed', reason: 'There is no microphone.' });
  const two = world();
  two.state.noGateway = 'No free pair of RTP ports';
  two.test.start();
  await two.pass(2_300);
  expect(two.views.at(-1)).toEqual({ state: 'failed', reason: 'No free pair of RTP ports.' });
  expect(two.log).toEqual(['page closes', 'gateway closes']);
  const three = world();
  three.test.start();
  await three.pass(2_300);
  three.told()?.failed();
  expect(three.views.at(-1)).toMatchObject({ state: 'failed' });
  expect(three.clock.waiting).toBe(0);
});

it('ended while it rings, it opens nothing', async () => {
  const { test, pass, log, views, clock } = world();
  test.start();
  test.stop();
  await pass(3_000);
  expect([log, views.at(-1), clock.waiting]).toEqual([['gateway closes'], { state: 'idle' }, 0]);
});

it('tells what is wrong besides, such as a speaker that could not be opened', async () => {
  const { test, pass, views, told } = world();
  test.start();
  await pass(2_300);
  told()?.trouble('The chosen speaker could not be opened.');
  await pass(200);
  expect(views.at(-1)).toMatchObject({ state: 'talking', trouble: 'The chosen speaker could not be opened.' });
  test.stop();
});
