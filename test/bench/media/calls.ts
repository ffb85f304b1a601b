/** The calls that are measured: who their ends are, and what stands between. Each has a stream for each direction. */
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { MasterKey } from '../../../proxy-core/media/srtp/srtp.ts';
import { suiteNamed } from '../../../proxy-core/media/srtp/suites.ts';
import { RtpEnd } from '../../unit/proxy-core/media/rtp-end.ts';
import { WindowEnd } from '../../unit/proxy-core/media/window-end.ts';
import type { GatewayAsk, GatewayTold, Kind } from './messages.ts';
import type { Rtpengine } from './rtpengine.ts';
import { Stream } from './stream.ts';

/** The suite that nearly every phone has, and that the gateway speaks with the window. */
const PEER_SUITE = 'AES_CM_128_HMAC_SHA1_80';
/** On one side of rtpengine: with the same suite on both it hands keys and packets through untouched. */
const OTHER_SUITE = 'AEAD_AES_128_GCM';

export type Question = GatewayAsk extends infer A ? (A extends GatewayAsk ? Omit<A, 'id'> : never) : never;
export type Ask = (question: Question) => Promise<GatewayTold>;

export interface Call {
  readonly streams: readonly Stream[];
  close(): Promise<void> | void;
}

/** A window that speaks WebRTC, and a SIP peer with RTP or SRTP. */
export async function callThrough(ask: Ask, kind: Kind, packets: number, at: number): Promise<Call> {
  const [window, peer] = await Promise.all([WindowEnd.open(), RtpEnd.open()]);
  const ours = kind === 'srtp' ? freshKey(PEER_SUITE) : undefined;
  const told = await ask({ do: 'accept', kind, webrtcOffer: window.offer(), sipOffer: description(peer, ours) });
  if (!('sipAnswer' in told)) throw new Error(`the gateway refused: ${JSON.stringify(told)}`);
  const port = portIn(told.sipAnswer);
  await window.connect(told.webrtcAnswer);
  const page = window.takeOver((data) => toWindow.heard(data));
  const theirs = ours && keyIn(told.sipAnswer);
  const send = (data: Buffer): void => peer.sendRaw(port, data);
  const toWindow = new Stream({ packets, ssrc: at + 1, send, sealed: ours, opened: page.theirs });
  const toPeer = new Stream({ packets, ssrc: 1001, send: page.send, sealed: page.ours, opened: theirs });
  peer.tap = (data) => toPeer.heard(data);
  return {
    streams: [toWindow, toPeer],
    async close() {
      peer.close();
      await window.close();
    },
  };
}

/** The same work between two SIP peers: SRTP on one side, as the window has it, and RTP or SRTP on the other. */
export async function callThroughRtpengine(engine: Rtpengine, kind: Kind, packets: number, at: number): Promise<Call> {
  const [caller, called] = await Promise.all([RtpEnd.open(), RtpEnd.open()]);
  const id = `${kind}-${at}-${randomBytes(4).toString('hex')}`;
  const [callerKey, calledKey] = [freshKey(OTHER_SUITE), kind === 'srtp' ? freshKey(PEER_SUITE) : undefined];
  const offered = await engine.offer(id, description(caller, callerKey), calledKey !== undefined);
  const tag = new RegExp(`^a=crypto:(\\d+) ${PEER_SUITE} `, 'm').exec(offered)?.[1];
  const answered = await engine.answer(id, description(called, calledKey, tag));
  const send = (from: RtpEnd, sdp: string) => {
    const port = portIn(sdp);
    return (data: Buffer): void => from.sendRaw(port, data);
  };
  const toCalled = new Stream({
    ...{ packets, ssrc: at + 1, send: send(caller, answered) },
    ...{ sealed: callerKey, opened: calledKey && keyIn(offered, PEER_SUITE) },
  });
  const toCaller = new Stream({
    ...{ packets, ssrc: at + 1001, send: send(called, offered) },
    ...{ sealed: calledKey, opened: keyIn(answered) },
  });
  caller.tap = (data) => toCaller.heard(data);
  called.tap = (data) => toCalled.heard(data);
  return {
    streams: [toCalled, toCaller],
    async close() {
      caller.close();
      called.close();
      await engine.remove(id);
    },
  };
}

/** Two sockets, each of which hears itself again. */
export async function callEchoed(ask: Ask, packets: number, at: number): Promise<Call> {
  const ends = await Promise.all(
    [1, 1001].map(async (ssrc) => {
      const told = await ask({ do: 'echo' });
      if (!('port' in told)) throw new Error('no port');
      const socket = createSocket('udp4');
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const stream = new Stream({
        packets,
        ssrc: ssrc + at,
        send: (data) => socket.send(data, told.port, '127.0.0.1'),
      });
      socket.on('message', (data) => stream.heard(data));
      return { socket, stream };
    }),
  );
  return {
    streams: ends.map(({ stream }) => stream),
    close() {
      for (const { socket } of ends) socket.close();
    },
  };
}

function freshKey(name: string): MasterKey {
  const suite = suiteNamed(name);
  if (!suite) throw new Error(`no suite ${name}`);
  return { suite, material: randomBytes(suite.keyLength + suite.saltLength) };
}

const description = (end: RtpEnd, key: MasterKey | undefined, tag = '1'): string =>
  key === undefined
    ? end.sdp('0')
    : end.sdpOver('RTP/SAVP', '0', `a=crypto:${tag} ${key.suite.name} inline:${key.material.toString('base64')}`);

function portIn(sdp: string): number {
  const port = Number(/^m=audio (\d+)/m.exec(sdp)?.[1]);
  if (!(port > 0)) throw new Error(`no port in ${sdp}`);
  return port;
}

/** Its first key, or the one of this suite. */
function keyIn(sdp: string, wanted?: string): MasterKey {
  for (const [, name = '', key = ''] of sdp.matchAll(/^a=crypto:\d+ (\S+) inline:([^|\s]+)/gm)) {
    const suite = suiteNamed(name);
    if (suite && (wanted ?? name) === name) return { suite, material: Buffer.from(key, 'base64') };
  }
  throw new Error(`no key in ${sdp}`);
}
