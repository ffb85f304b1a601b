import { expect, it } from 'vitest';
import { SoundDevices } from '../../../../../app/renderer/softphone/sound-devices.ts';
import { soundDefaults } from '../../../../../app/shared/sound-settings.ts';
import { FakeDevices, input, output } from '../../../../support/page-sound.ts';

const jabra = { id: 'jabra-1', label: 'Jabra' };

async function devicesWith(...list: FakeDevices['list']) {
  const fake = new FakeDevices(...list);
  const devices = new SoundDevices(() => fake as unknown as MediaDevices);
  await devices.look();
  return { fake, devices };
}

it('lists what there is, without Chromium’s entries that stand for others', async () => {
  const { devices } = await devicesWith(
    ...[input('default', 'Default - Jabra'), input('communications', 'Jabra'), input('jabra-1', 'Jabra')],
    ...[output('default', 'Default'), output('out-1', 'Desk'), { kind: 'videoinput', deviceId: 'cam', label: 'Cam' }],
  );
  expect(devices.view).toMatchObject({ inputs: [jabra], outputs: [{ id: 'out-1', label: 'Desk' }], missing: [] });
});

it('asks for the chosen microphone by its id, and by its name where the id is another', async () => {
  const { fake, devices } = await devicesWith(input('laptop'), input('jabra-1', 'Jabra'));
  devices.use({ ...soundDefaults, microphone: jabra, autoGain: false });
  expect(devices.wanted().constraints).toEqual({
    audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: false, deviceId: { exact: 'jabra-1' } },
  });
  fake.list = [input('laptop'), input('jabra-2', 'Jabra')];
  await devices.look();
  expect(devices.wanted().constraints).toMatchObject({ audio: { deviceId: { exact: 'jabra-2' } } });
});

it('falls back to the default while a chosen one is away, and uses it again when it is back', async () => {
  const { fake, devices } = await devicesWith(input('jabra-1', 'Jabra'), output('jabra-1', 'Jabra'));
  const missing: (readonly string[])[] = [];
  const stop = devices.watch();
  devices.use({ ...soundDefaults, microphone: jabra, speaker: jabra, ringer: jabra });
  devices.listen((view) => missing.push(view.missing));
  fake.become(input('laptop'), output('desk'));
  await devices.look();
  expect(devices.view.missing).toEqual(['microphone', 'speaker', 'ringer']);
  expect(devices.outputId('ringer')).toBe('');
  expect(devices.wanted()).toMatchObject({ isChosen: false, key: devices.wanted(true).key });
  fake.become(input('laptop'), input('jabra-1', 'Jabra'), output('jabra-1', 'Jabra'));
  await devices.look();
  expect(missing.at(-1)).toEqual([]);
  expect(devices.outputId('speaker')).toBe('jabra-1');
  stop();
});

it('calls nothing missing before it could look', () => {
  const devices = new SoundDevices(() => new FakeDevices() as unknown as MediaDevices);
  devices.use({ ...soundDefaults, microphone: jabra });
  expect(devices.view.missing).toEqual([]);
});

it('keeps what it knew where the system does not answer', async () => {
  const { fake, devices } = await devicesWith(input('laptop'));
  Object.assign(fake, { enumerateDevices: () => Promise.reject(new Error('no')) });
  await devices.look();
  expect(devices.view.inputs).toHaveLength(1);
});
