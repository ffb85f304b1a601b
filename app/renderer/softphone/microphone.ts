/** Opens the microphone that is to be used now, or any where that one cannot be had. */

import { textOf } from '../../shared/text-of.ts';
import type { SoundDevices } from './sound-devices.ts';

export interface OpenMicrophone {
  readonly stream: MediaStream;
  readonly track: MediaStreamTrack;
  /** Of what was asked for. */
  readonly key: string;
  /** Whether the wanted one would not open and another took its place. */
  readonly isOther: boolean;
}

/** Rejects where there is no microphone at all. */
export async function openMicrophone(devices: SoundDevices): Promise<OpenMicrophone> {
  const wanted = devices.wanted();
  try {
    return { ...(await opened(wanted.constraints)), key: wanted.key, isOther: false };
  } catch (error) {
    if (!wanted.isChosen || isRefusal(error)) throw error;
    const other = devices.wanted(true);
    return { ...(await opened(other.constraints)), key: other.key, isOther: true };
  }
}

async function opened(constraints: MediaStreamConstraints): Promise<{ stream: MediaStream; track: MediaStreamTrack }> {
  const stream = await navigator.mediaDevices.getUserMedia(constraints);
  const [track] = stream.getAudioTracks();
  if (track === undefined) throw new DOMException('The stream has no sound in it', 'NotFoundError');
  return { stream, track };
}

const isRefusal = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'SecurityError');

/** Why there is no microphone, as a sentence that says what to do. */
export function microphoneProblem(error: unknown): string {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The microphone may not be used: allow Tandem to use it in the settings of this computer.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'There is no microphone: plug one in and call again.';
    case 'NotReadableError':
    case 'AbortError':
      return 'The microphone does not work, or another program keeps it for itself.';
    default:
      return `The microphone cannot be used: ${textOf(error)}.`;
  }
}
