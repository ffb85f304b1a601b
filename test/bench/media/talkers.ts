/** Both ends of every call, in a process of its own: windows that speak WebRTC to the gateway, and SIP peers. */
import { performance } from 'node:perf_hooks';
import { until } from '../../support/until.ts';
import { type Call, callEchoed, callThrough, callThroughRtpengine, type Question } from './calls.ts';
import type { GatewayTold, TalkAsk, TalkTold, Way } from './messages.ts';
import { Rtpengine } from './rtpengine.ts';
import { type Stream, WARM_UP } from './stream.ts';

const TICK_MS = 20;

let asked = 0;
const waiting = new Map<number, (told: GatewayTold) => void>();

function ask(question: Question): Promise<GatewayTold> {
  const id = ++asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    process.send?.({ ...question, id });
  });
}

const rtpengine = await Rtpengine.start();

function callBy(way: Way, packets: number, at: number): Promise<Call> {
  if (way === 'echo') return callEchoed(ask, packets, at);
  if (way === 'rtp' || way === 'srtp') return callThrough(ask, way, packets, at);
  if (!rtpengine) throw new Error('rtpengine is not installed');
  return callThroughRtpengine(rtpengine, way === 'rtpengine-rtp' ? 'rtp' : 'srtp', packets, at);
}

/** Every stream speaks each 20 ms, one after another within them. */
function talk(streams: readonly Stream[], from: number, to: number): Promise<void> {
  const total = (to - from) * streams.length;
  const began = performance.now();
  let said = 0;
  return new Promise((resolve) => {
    const turn = (): void => {
      const due = Math.min(total, Math.floor(((performance.now() - began) / TICK_MS) * streams.length));
      for (; said < due; said++) streams[said % streams.length]?.say(from + Math.floor(said / streams.length));
      if (said < total) setTimeout(turn, 1);
      // The last ones are still on their way.
      else setTimeout(resolve, 200);
    };
    turn();
  });
}

/** Microseconds of the program in the middle since it began. */
async function cpu(way: Way): Promise<number> {
  if (way.startsWith('rtpengine')) return (rtpengine?.cpuMs ?? 0) * 1000;
  const told = await ask({ do: 'cpu' });
  return 'cpu' in told ? told.cpu : Number.NaN;
}

async function run({ calls, seconds, way }: TalkAsk): Promise<TalkTold> {
  const packets = Math.floor((seconds * 1000) / TICK_MS);
  const made: Call[] = [];
  for (let at = 0; at < calls; at++) made.push(await callBy(way, packets, at));
  const streams = made.flatMap((call) => call.streams);
  await talk(streams, 0, WARM_UP);
  await until('every stream to be through', () => streams.every(({ isThrough }) => isThrough));
  const [before, began] = [await cpu(way), performance.now()];
  process.send?.('talking');
  await talk(streams, WARM_UP, WARM_UP + packets);
  const core = ((await cpu(way)) - before) / 10 / (performance.now() - began);
  for (const call of made) await call.close();
  if (way !== 'echo') await ask({ do: 'close-all' });
  const delays = streams.flatMap(({ delays, count }) => [...delays.subarray(0, count)]).sort((a, b) => a - b);
  const sent = packets * streams.length;
  return {
    sent,
    lost: sent - delays.length,
    delays,
    longestGap: Math.max(...streams.map((one) => one.longestGap)),
    core,
  };
}

process.on('message', (message: TalkAsk | GatewayTold) => {
  if ('id' in message) {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
  } else {
    run(message).then(
      (talked) => process.send?.({ talked }),
      (error: unknown) =>
        process.send?.({ broke: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  }
});
const leave = (code: number): void => void (rtpengine?.close() ?? Promise.resolve()).then(() => process.exit(code));
process.on('disconnect', () => leave(0));
process.on('uncaughtException', (error) => {
  console.error(error);
  leave(1);
});
process.send?.({ ready: { rtpengine: rtpengine !== undefined } });
