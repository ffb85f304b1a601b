/** Made-up sound devices and connections of a page, for tests without a browser. */
import { vi } from 'vitest';

export interface FakeTrack {
  readonly deviceId: string;
  readonly asked: MediaTrackConstraints;
  enabled: boolean;
  muted: boolean;
  stopped: boolean;
  onended: (() => void) | null;
  stop(): void;
}

export const input = (deviceId: string, label = deviceId) => ({ kind: 'audioinput', deviceId, label });
export const output = (deviceId: string, label = deviceId) => ({ kind: 'audiooutput', deviceId, label });

export class FakeDevices {
  list: { readonly kind: string; readonly deviceId: string; readonly label: string }[];
  readonly tracks: FakeTrack[] = [];
  /** Error names by device id; `any` for the default. */
  refuse: Readonly<Record<string, string>> = {};
  readonly #listeners = new Set<() => void>();

  constructor(...list: FakeDevices['list']) {
    this.list = list;
  }

  get live(): readonly FakeTrack[] {
    return this.tracks.filter((track) => !track.stopped);
  }

  /** What is there is another from now on, and the page is told. */
  become(...list: FakeDevices['list']): void {
    this.list = list;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly enumerateDevices = async () => this.list as unknown as MediaDeviceInfo[];
  readonly addEventListener = (_name: string, listener: () => void): void => void this.#listeners.add(listener);
  readonly removeEventListener = (_name: string, listener: () => void): void => void this.#listeners.delete(listener);

  readonly getUserMedia = async ({ audio }: MediaStreamConstraints): Promise<MediaStream> => {
    const asked = audio as MediaTrackConstraints;
    const exact = (asked.deviceId as { exact?: string } | undefined)?.exact;
    const inputs = this.list.filter(({ kind }) => kind === 'audioinput');
    const device = exact === undefined ? inputs[0] : inputs.find(({ deviceId }) => deviceId === exact);
    const refused = this.refuse[exact ?? 'any'];
    if (refused !== undefined) throw Object.assign(new Error(refused), { name: refused });
    if (device === undefined) {
      const name = exact === undefined ? 'NotFoundError' : 'OverconstrainedError';
      throw Object.assign(new Error(name), { name });
    }
    const track: FakeTrack = {
      ...{ deviceId: device.deviceId, asked, enabled: true, muted: false, stopped: false, onended: null },
      stop() {
        track.stopped = true;
      },
    };
    this.tracks.push(track);
    return { getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream;
  };
}

/** Puts them into the page, with connections and a speaker that note what they are told. */
export function fakePage(devices: FakeDevices) {
  const page = {
    /** Tracks that were sent, one after another; null for none. */
    sent: [] as (FakeTrack | null)[],
    sinks: [] as string[],
    speakers: [] as { volume: number; muted: boolean }[],
    refuseSink: false,
    /** The name of the error that playing ends with. */
    refusePlay: undefined as string | undefined,
    /** The peer's track is there. */
    heard: (): void => {},
    refuseTrack: undefined as string | undefined,
  };
  vi.stubGlobal('navigator', { mediaDevices: devices });
  vi.stubGlobal(
    'MediaStream',
    class {
      addTrack(): void {}
    },
  );
  vi.stubGlobal(
    'Audio',
    class {
      volume = 1;
      muted = false;
      srcObject = null;
      constructor() {
        page.speakers.push(this);
      }
      play = async () => {
        if (page.refusePlay !== undefined) throw Object.assign(new Error('not played'), { name: page.refusePlay });
      };
      setSinkId = async (id: string) => {
        page.sinks.push(id);
        if (page.refuseSink) throw new Error('no such sink');
      };
    },
  );
  vi.stubGlobal(
    'RTCPeerConnection',
    class {
      ontrack?: () => void;
      constructor() {
        page.heard = () => this.ontrack?.();
      }
      addTrack(track: FakeTrack) {
        page.sent.push(track);
        return {
          dtmf: null,
          replaceTrack: async (next: FakeTrack | null) => {
            if (page.refuseTrack !== undefined) throw new Error(page.refuseTrack);
            page.sent.push(next);
          },
        };
      }
      getTransceivers = () => [];
      close(): void {}
    },
  );
  return page;
}
