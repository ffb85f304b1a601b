/** A gateway with a window on one side and a peer with plain RTP on the other, closed again after each test. */
import { afterEach } from 'vitest';
import type { MediaGatewayOptions, SilenceNotice } from '../../../../proxy-core/media/gateway.ts';
import { MediaGateway } from '../../../../proxy-core/media/index.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { RtpEnd } from './rtp-end.ts';
import { WindowEnd } from './window-end.ts';

export type Closer = () => Promise<void> | void;

/** What is put into it is called after the test. */
export function closedAfterEach(): Closer[] {
  const closers: Closer[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });
  return closers;
}

export async function gatewayParts(closers: Closer[], options: Partial<Omit<MediaGatewayOptions, 'clock'>>) {
  const clock = new FakeClock();
  const gateway = new MediaGateway({
    localHost: () => '127.0.0.1',
    loopback: true,
    protection: () => ({ wanted: 'offered', offered: 'sdes' }),
    ...options,
    clock,
  });
  const notices: SilenceNotice[] = [];
  gateway.onSilence((notice) => notices.push(notice));
  const window = await WindowEnd.open();
  const peer = await RtpEnd.open();
  closers.push(
    () => gateway.closeAll(),
    () => window.close(),
    () => peer.close(),
  );
  return { clock, gateway, window, peer, notices };
}

/** What was asked for; throws where it was refused. */
export const taken = <T extends { ok: boolean }>(result: T): Extract<T, { ok: true }> => {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result as Extract<T, { ok: true }>;
};

/** The port of the sound in a description. */
export const portIn = (sdp: string): number => Number(/^m=audio (\d+) /m.exec(sdp)?.[1]);
