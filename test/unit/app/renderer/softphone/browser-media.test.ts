/** Devices that come and go in a call; what a real page makes of them is in test/e2e/microphone.test.ts and sound.test.ts. */
import { afterEach, expect, it, vi } from 'vitest';
import { createBrowserMedia } from '../../../../../app/renderer/softphone/browser-media.ts';
import { SoundDevices } from '../../../../../app/renderer/softphone/sound-devices.ts';
import { soundDefaults } from '../../../../../app/shared/sound-settings.ts';
import { FakeDevices, fakePage, input, output } from '../../../../support/page-sound.ts';
import { until } from '../../../../support/until.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const noContext = (): AudioContext => {
  throw new Error('no sound here');
};
const jabra = { id: 'jabra', label: 'Jabra' };

async function call(list: FakeDevices['list'], settings = soundDefaults) {
  const fake = new FakeDevices(...list);
  const page = fakePage(fake);
  const devices = new SoundDevices();
  devices.use(settings);
  await devices.look();
  devices.watch();
  const told: string[] = [];
  const opened = await createBrowserMedia(devices, noContext).open({
    microphone: (state) => void told.push(state),
    trouble: (sentence) => void told.push(sentence),
    failed() {},
  });
  if (!opened.ok) throw new Error(opened.reason);
  const sending = (id: string) =>
    until(`${id} to be sent`, () => page.sent.at(-1)?.deviceId === id && fake.live.length === 1);
  return { fake, page, devices, told, media: opened.media, sending };
}

it('lets the microphone go where no connection can be made for it', async () => {
  const fake = new FakeDevices(input('laptop'));
  fakePage(fake);
  vi.stubGlobal(
    'RTCPeerConnection',
    class {
      constructor() {
        throw new Error('Cannot create so many PeerConnections');
      }
    },
  );
  const listener = { microphone() {}, trouble() {}, failed() {} };
  expect(await createBrowserMedia(new SoundDevices(), noContext).open(listener)).toMatchObject({ ok: false });
  expect(fake.live).toEqual([]);
});

it('takes another microphone in the call when another is chosen, open before the first is let go', async () => {
  const { fake, devices, told, sending } = await call([input('laptop'), input('jabra', 'Jabra')]);
  expect(fake.live.map((track) => track.deviceId)).toEqual(['laptop']);
  devices.use({ ...soundDefaults, microphone: jabra });
  await sending('jabra');
  devices.use({ ...soundDefaults, microphone: jabra, noiseSuppression: false });
  await until('the microphone without noise suppression', () => fake.live[0]?.asked.noiseSuppression === false);
  expect(told).toEqual(['restored', 'restored']);
  expect(fake.tracks).toHaveLength(3);
});

it('falls back when the chosen one vanishes, says so, and goes back to it when it returns', async () => {
  const settings = { ...soundDefaults, microphone: jabra };
  const { fake, told, media, sending } = await call([input('laptop'), input('jabra', 'Jabra')], settings);
  media.setMuted(true);
  fake.list = [input('laptop')];
  const [track] = fake.live;
  track?.stop();
  track?.onended?.();
  await sending('laptop');
  expect(fake.live[0]?.enabled).toBe(false);
  fake.become(input('laptop'));
  fake.become(input('laptop'), input('jabra', 'Jabra'));
  await sending('jabra');
  expect(told).toEqual(['replaced', 'restored']);
  expect(fake.live[0]?.enabled).toBe(false);
});

it('begins with the default where the chosen one will not open, and says so', async () => {
  const fake = new FakeDevices(input('laptop'), input('jabra', 'Jabra'));
  fake.refuse = { jabra: 'NotReadableError' };
  fakePage(fake);
  const devices = new SoundDevices();
  await devices.look();
  devices.use({ ...soundDefaults, microphone: jabra });
  const told: string[] = [];
  const listener = { microphone: (state: string) => void told.push(state), trouble() {}, failed() {} };
  expect(await createBrowserMedia(devices, noContext).open(listener)).toMatchObject({ ok: true });
  expect([fake.live[0]?.deviceId, told]).toEqual(['laptop', ['replaced']]);
});

it('goes on with the microphone in use where the newly chosen one and the default are refused', async () => {
  const { fake, devices, told } = await call([input('laptop'), input('jabra', 'Jabra')]);
  fake.refuse = { jabra: 'NotReadableError', any: 'NotReadableError' };
  devices.use({ ...soundDefaults, microphone: jabra });
  await until('the trouble', () => told.length > 0);
  expect(told).toEqual(['The microphone does not work, or another program keeps it for itself.']);
  expect(fake.live.map((track) => track.deviceId)).toEqual(['laptop']);
});

it('is heard from the chosen speaker, as loud as wanted, and from the default while that is away', async () => {
  const list = [input('laptop'), output('desk'), output('jabra', 'Jabra')];
  const { fake, page, devices, told } = await call(list, { ...soundDefaults, speaker: jabra, speakerVolume: 0.4 });
  expect([page.sinks, page.speakers[0]?.volume]).toEqual([['jabra'], 0.4]);
  fake.become(input('laptop'), output('desk'));
  await until('the default speaker', () => page.sinks.at(-1) === '');
  page.refuseSink = true;
  devices.use({ ...soundDefaults, speaker: { id: 'desk', label: 'desk' } });
  await until('the trouble', () => told.length > 0);
  expect(told[0]).toMatch(/speaker could not be opened/);
});

it('tells when music cannot be made and when the sound sent cannot be changed', async () => {
  const { page, told, media } = await call([input('laptop')]);
  media.setHeld('music');
  expect(told).toEqual([expect.stringMatching(/no music can be played/i)]);
  expect(page.sent.at(-1)).toBeNull();
  page.refuseTrack = 'The peer connection is closed';
  media.setHeld(undefined);
  await until('the second', () => told.length === 2);
  expect(told[1]).toMatch(/could not be changed \(The peer connection is closed\)\./);
});

it('hears of no device any more once it is closed', async () => {
  const { fake, devices, media } = await call([input('laptop'), input('jabra', 'Jabra')]);
  media.close();
  devices.use({ ...soundDefaults, microphone: jabra });
  await devices.look();
  expect(fake.live).toEqual([]);
});

it('says that the other side is not heard where its sound cannot be played, but not where it only began anew', async () => {
  const { page, told } = await call([input('laptop')]);
  page.refusePlay = 'AbortError';
  page.heard();
  page.refusePlay = 'NotAllowedError';
  page.heard();
  await until('the trouble', () => told.length > 0);
  expect(told).toEqual(['You cannot hear the other side: this computer does not play its sound.']);
});
