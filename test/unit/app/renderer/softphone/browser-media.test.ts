/** What a page without a real microphone can show; the rest is tried on the real window (test/e2e/microphone.test.ts). */
import { afterEach, expect, it, vi } from 'vitest';
import { createBrowserMedia } from '../../../../../app/renderer/softphone/browser-media.ts';

afterEach(() => {
  vi.unstubAllGlobals();
});

const listener = { microphone() {}, failed() {} };
const devices = (getUserMedia: () => Promise<unknown>): void => {
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia, addEventListener() {} } });
};

it('lets the microphone go where no connection can be made for it', async () => {
  const stop = vi.fn();
  devices(async () => ({ getTracks: () => [{ stop }], getAudioTracks: () => [{ stop }] }));
  vi.stubGlobal('Audio', class {});
  vi.stubGlobal(
    'RTCPeerConnection',
    class {
      constructor() {
        throw new Error('Cannot create so many PeerConnections');
      }
    },
  );
  expect(await createBrowserMedia().open(listener)).toMatchObject({ ok: false });
  expect(stop).toHaveBeenCalledOnce();
});
