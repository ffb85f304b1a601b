/** What the trace costs while nobody looks: time for each message and each call, and memory, beside an exchange without it. */
import { readFileSync } from 'node:fs';
import { TraceRing } from '../../../proxy-core/node/trace/ring.ts';
import { defaultSettings } from '../../../proxy-core/server/settings.ts';
import type { FlowId, Source } from '../../../proxy-core/sip/transport/port.ts';
import { cpuPerCall, numbers, withCallee } from '../load.ts';
import { mediansOf } from '../rounds.ts';
import { type Figure, median, type Row } from '../row.ts';
import { dataWith, type Server, startTandem } from '../servers.ts';

const RATES = [100, 50];
/** INVITE 100 180 200 ACK BYE 200, in and out. */
const MESSAGES_OF_A_CALL = 13;
const BYTES_OF_A_MESSAGE = 700;

export const trace: Row = {
  name: 'trace',
  async run({ quick, program }) {
    const figures = perMessage();
    const servers: Server[] = [];
    try {
      for (const more of [[], ['--trace-memory', '0']]) {
        servers.push(await startTandem(program, await dataWith(program, numbers), undefined, more));
      }
      const [on, off] = servers;
      if (on !== undefined && off !== undefined) figures.push(...(await perCall(on, off, quick)));
    } finally {
      for (const server of servers) await server.close();
    }
    return figures;
  },
};

/** In this process, where nothing else is measured along. */
function perMessage(): Figure[] {
  const { traceBytes: bytes, traceAge: ageMs } = defaultSettings;
  const ring = new TraceRing({ bytes, ageMs, now: () => performance.now() });
  const listener = 'udp://127.0.0.1:5060';
  const wires = Array.from({ length: 64 }, (_, i) =>
    Buffer.from(`INVITE sip:${i}@127.0.0.1 SIP/2.0\r\n`.padEnd(BYTES_OF_A_MESSAGE, 'x')).toString('latin1'),
  );
  const rounds: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = performance.now();
    const count = 200_000;
    for (let i = 0; i < count; i++) {
      const port = 1_024 + (i % 50_000);
      const source: Source = { transport: 'UDP', host: '192.0.2.77', port, flow: '' as FlowId, listener };
      ring.received(wires[i & 63] ?? '', source, true);
    }
    rounds.push(((performance.now() - before) * 1e6) / count);
  }
  const minutes = ageMs / 60_000;
  const room = `messages kept in ${bytes / 1024 / 1024} MB, for at most ${minutes} min`;
  return [
    { what: 'trace, time per message', unit: 'ns', digits: 0, tandem: median(rounds), must: 1_000, aim: 500 },
    { what: room, unit: '', digits: 0, tandem: ring.size },
  ];
}

async function perCall(on: Server, off: Server, quick: boolean): Promise<Figure[]> {
  return withCallee(on, () =>
    withCallee(off, async () => {
      const both = (perSecond: number, seconds: number): Promise<(number | undefined)[]> =>
        Promise.all([on, off].map((server) => cpuPerCall(server, { count: perSecond * seconds, perSecond })));
      await both(150, quick ? 12 : 40);
      const found = await mediansOf(quick ? 4 : 7, RATES, (perSecond) => both(perSecond, quick ? 5 : 10));
      const [traced = Number.NaN, plain = Number.NaN] = found.figures;
      const more = (residentBytes(on.pid) - residentBytes(off.pid)) / 1024 / 1024;
      return [
        {
          what: 'CPU per call with the trace on',
          unit: 'ms',
          digits: 3,
          tandem: traced,
          measure: traced / plain,
          must: 1.1,
          aim: 1.03,
        },
        { what: 'CPU per call with it off', unit: 'ms', digits: 3, tandem: plain },
        {
          what: `memory more than without, after calls of ${MESSAGES_OF_A_CALL} messages`,
          unit: 'MB',
          digits: 1,
          tandem: more,
          must: 48,
        },
      ];
    }),
  );
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
  return Number(kilobytes) * 1024;
}
