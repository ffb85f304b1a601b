/**
 * Both ends of every call, in a process of its own: windows that speak WebRTC to the gateway, and SIP peers with RTP or
 * SRTP. Each packet carries the time at which it was sent.
 */
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { RtpPacket } from '../../../proxy-core/media/rtp-packet.ts';
import { suiteNamed } from '../../../proxy-core/media/srtp/suites.ts';
import { RtpEnd } from '../../unit/proxy-core/media/rtp-end.ts';
import { WindowEnd } from '../../unit/proxy-core/media/window-end.ts';
import type { GatewayAsk, GatewayTold, Kind, TalkAsk, TalkTold } from './messages.ts';

const TICK_MS = 20;
/** 20 ms of G.711. */
const PAYLOAD = 160;
/** The suite that nearly every phone has. */
const SUITE = 'AES_CM_128_HMAC_SHA1_80';

interface Talker {
  /** Sends one packet from each end. */
  say(tick: number): void;
  close(): Promise<void> | void;
}

/** Takes note of what arrives. */
class Ears {
  readonly delays: number[] = [];
  longestGap = 0;
  readonly #last = new Map<string, number>();

  heard(stream: string, payload: Buffer): void {
    const now = performance.now();
    this.delays.push(now - payload.readDoubleBE(0));
    const last = this.#last.get(stream);
    if (last !== undefined) this.longestGap = Math.max(this.longestGap, now - last);
    this.#last.set(stream, now);
  }
}

let asked = 0;
const waiting = new Map<number, (told: GatewayTold) => void>();

type Question = GatewayAsk extends infer A ? (A extends GatewayAsk ? Omit<A, 'id'> : never) : never;

function ask(question: Question): Promise<GatewayTold> {
  const id = ++asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    process.send?.({ ...question, id });
  });
}

const stamped = (): Buffer => {
  const payload = Buffer.alloc(PAYLOAD);
  payload.writeDoubleBE(performance.now(), 0);
  return payload;
};

async function callThrough(kind: Kind, at: number, ears: Ears): Promise<Talker> {
  const [window, peer] = await Promise.all([WindowEnd.open(), RtpEnd.open()]);
  const suite = suiteNamed(SUITE);
  if (!suite) throw new Error(`no suite ${SUITE}`);
  const ours = randomBytes(suite.keyLength + suite.saltLength);
  const sipOffer =
    kind === 'rtp'
      ? peer.sdp('0')
      : peer.sdpOver('RTP/SAVP', '0', `a=crypto:1 ${SUITE} inline:${ours.toString('base64')}`);
  const told = await ask({ do: 'accept', kind, webrtcOffer: window.offer(), sipOffer });
  if (!('sipAnswer' in told)) throw new Error(`the gateway refused: ${JSON.stringify(told)}`);
  const theirs = /^a=crypto:\d+ \S+ inline:([^|\s]+)/m.exec(told.sipAnswer)?.[1];
  if (kind === 'srtp') {
    if (theirs === undefined) throw new Error(`no key in ${told.sipAnswer}`);
    peer.protect({ suite, material: ours }, { suite, material: Buffer.from(theirs, 'base64') });
  }
  const port = Number(/^m=audio (\d+)/m.exec(told.sipAnswer)?.[1]);
  await window.connect(told.webrtcAnswer);
  window.heard = ({ payload }: RtpPacket) => ears.heard(`${at} window`, payload);
  peer.heard = ({ payload }: RtpPacket) => ears.heard(`${at} peer`, payload);
  return {
    say(tick) {
      window.send(0, tick * 160, stamped());
      const payload = stamped();
      peer.send(port, {
        marker: false,
        payloadType: 0,
        sequence: tick & 0xffff,
        timestamp: tick * 160,
        ssrc: at + 1,
        payload,
      });
    },
    async close() {
      peer.close();
      await window.close();
    },
  };
}

/** Two sockets, each of which hears itself again. */
async function callEchoed(at: number, ears: Ears): Promise<Talker> {
  const ends: [Socket, number][] = [];
  for (const side of ['window', 'peer']) {
    const told = await ask({ do: 'echo' });
    if (!('port' in told)) throw new Error('no port');
    const socket = createSocket('udp4');
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    socket.on('message', (data) => ears.heard(`${at} ${side}`, data.subarray(12)));
    ends.push([socket, told.port]);
  }
  const header = Buffer.alloc(12, 0x80);
  return {
    say() {
      for (const [socket, port] of ends) socket.send(Buffer.concat([header, stamped()]), port, '127.0.0.1');
    },
    close() {
      for (const [socket] of ends) socket.close();
    },
  };
}

/** Every call speaks each 20 ms, one after another within them. */
function talk(talkers: readonly Talker[], seconds: number): Promise<number> {
  const total = Math.floor((seconds * 1000) / TICK_MS) * talkers.length;
  const began = performance.now();
  let said = 0;
  return new Promise((resolve) => {
    const turn = (): void => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / TICK_MS) * talkers.length));
      for (; said < due; said++) talkers[said % talkers.length]?.say(Math.floor(said / talkers.length));
      if (said < total) setTimeout(turn, 1);
      // The last ones are still on their way.
      else setTimeout(() => resolve(said * 2), 200);
    };
    turn();
  });
}

async function run({ calls, seconds, way }: TalkAsk): Promise<TalkTold> {
  const ears = new Ears();
  const talkers: Talker[] = [];
  for (let at = 0; at < calls; at++)
    talkers.push(way === 'echo' ? await callEchoed(at, ears) : await callThrough(way, at, ears));
  const [before, began] = [await cpu(), performance.now()];
  process.send?.('talking');
  const sent = await talk(talkers, seconds);
  const core = ((await cpu()) - before) / 10 / (performance.now() - began);
  for (const talker of talkers) await talker.close();
  if (way !== 'echo') await ask({ do: 'close-all' });
  const delays = ears.delays.sort((a, b) => a - b);
  return { sent, lost: sent - delays.length, delays, longestGap: ears.longestGap, core };
}

async function cpu(): Promise<number> {
  const told = await ask({ do: 'cpu' });
  return 'cpu' in told ? told.cpu : Number.NaN;
}

process.on('message', (message: TalkAsk | GatewayTold) => {
  if ('id' in message) {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  } else {
    run(message).then(
      (talked) => process.send?.({ talked }),
      (error: unknown) => process.send?.({ broke: String(error) }),
    );
  }
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
