/** The sound of a window that sends a tone and counts what it hears, over ICE and DTLS as a real one does. */
import type { MediaPort } from '../../app/renderer/softphone/media.ts';
import { WindowEnd } from '../unit/proxy-core/media/window-end.ts';
import { unheard } from './unheard.ts';

/** 20 ms of a tone of 500 Hz, in µ-law. */
const SOUND = Buffer.from(Array.from({ length: 160 }, (_, i) => (i % 16 < 8 ? 0x20 : 0xa0)));

/** @param windows where each one that is opened is put */
export const soundingWindow = (windows: WindowEnd[]): MediaPort => ({
  async open() {
    const window = await WindowEnd.open();
    windows.push(window);
    let talking: NodeJS.Timeout | undefined;
    let timestamp = 0;
    let connected = false;
    return {
      ok: true,
      media: {
        ...unheard,
        offer: async (direction) => window.offer({ direction, formats: '0 126' }),
        async answer(sdp) {
          if (connected) return;
          connected = true;
          await window.connect(sdp);
          talking = setInterval(() => {
            timestamp += 160;
            window.send(0, timestamp, SOUND);
          }, 20);
        },
        close() {
          clearInterval(talking);
          void window.close();
        },
      },
    };
  },
});
