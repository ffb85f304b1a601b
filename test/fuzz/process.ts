/** Hostile bytes for a real exchange over real sockets: it goes on answering OPTIONS on UDP and TCP. */
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { ExchangeProcess } from '../support/exchange-process.ts';
import { chance } from '../support/rough-network.ts';
import { mutate } from './mutate.ts';
import { seeds } from './seeds.ts';

/** Messages between two questions whether it lives. */
const BATCH = 40;
const ANSWER_MS = 5_000;

export interface Flood {
  readonly sent: number;
  /** What went wrong, with the seed of the batch. */
  readonly fault: string | undefined;
}

/** Sends for `ms`, at most `most` messages. */
export async function floodProcess(seed: number, ms: number, most = Number.POSITIVE_INFINITY): Promise<Flood> {
  const exchange = await ExchangeProcess.start({ users: { 1001: 'one', 1002: 'two' } });
  const end = Date.now() + ms;
  let sent = 0;
  try {
    for (let batch = seed; Date.now() < end && sent < most; batch++) {
      const wires = batchOf(batch, exchange.port);
      await Promise.all([sendDatagrams(exchange.port, wires), sendStreams(exchange.port, wires, batch)]);
      sent += wires.length * 2;
      const answers = await Promise.all([isAlive(exchange.port, 'UDP'), isAlive(exchange.port, 'TCP')]);
      if (answers.includes(false)) return { sent, fault: `batch ${batch}: no answer any more\n${exchange.output}` };
      const fault = /"level":"(?:error|fatal)".*/.exec(exchange.output)?.[0];
      if (fault !== undefined) return { sent, fault: `batch ${batch}: ${fault}` };
    }
    return { sent, fault: undefined };
  } finally {
    await exchange.close();
  }
}

function batchOf(seed: number, port: number): string[] {
  const random = chance(seed);
  const all = seeds.flatMap((steps) => steps.flatMap((step) => (step.do === 'send' ? [step.wire] : [])));
  return Array.from({ length: BATCH }, () => {
    const wire = (all[Math.floor(random() * all.length)] ?? '').replaceAll('office.example', `127.0.0.1:${port}`);
    return random() < 0.2 ? wire : mutate(wire, random);
  });
}

async function sendDatagrams(port: number, wires: readonly string[]): Promise<void> {
  const socket = createSocket('udp4');
  try {
    for (const wire of wires) {
      // What no datagram holds is not sent.
      await new Promise<void>((done) =>
        socket.send(Buffer.from(wire.slice(0, 65_000), 'latin1'), port, '127.0.0.1', () => done()),
      );
    }
  } finally {
    socket.close();
  }
}

/** Over a few connections, in small pieces; the exchange closes those that it cannot read any more. */
async function sendStreams(port: number, wires: readonly string[], seed: number): Promise<void> {
  const random = chance(seed + 1);
  for (let from = 0; from < wires.length; from += 8) {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    let stream = wires.slice(from, from + 8).join('');
    while (stream !== '' && !socket.destroyed) {
      const size = 1 + Math.floor(random() * 900);
      const piece = Buffer.from(stream.slice(0, size), 'latin1');
      stream = stream.slice(size);
      await Promise.race([new Promise<void>((done) => socket.write(piece, () => done())), closed]);
    }
    socket.destroy();
    await closed;
  }
}

let asked = 0;

/** Asks until it answers, for a datagram may be lost in a full socket buffer. */
export async function isAlive(port: number, over: 'UDP' | 'TCP'): Promise<boolean> {
  const deadline = Date.now() + ANSWER_MS;
  while (Date.now() < deadline) if (await askOnce(port, over)) return true;
  return false;
}

async function askOnce(port: number, over: 'UDP' | 'TCP'): Promise<boolean> {
  const id = `alive${++asked}`;
  const lines = [
    `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
    `Via: SIP/2.0/${over} 127.0.0.1:9;branch=z9hG4bK${id};rport`,
    ...['Max-Forwards: 70', 'From: <sip:who@elsewhere.example>;tag=1', `To: <sip:127.0.0.1:${port}>`],
    ...[`Call-ID: ${id}`, 'CSeq: 1 OPTIONS', 'Content-Length: 0'],
  ];
  const wire = `${lines.join('\r\n')}\r\n\r\n`;
  const isAnswer = (bytes: Buffer): boolean => /^SIP\/2\.0 200 /.test(bytes.toString('latin1'));
  if (over === 'UDP') {
    const socket = createSocket('udp4');
    const answered = new Promise<boolean>((done) => {
      const limit = setTimeout(() => done(false), 1_000);
      socket.on('message', (bytes) => {
        if (!isAnswer(bytes)) return;
        clearTimeout(limit);
        done(true);
      });
    });
    socket.send(wire, port, '127.0.0.1');
    return answered.finally(() => socket.close());
  }
  const socket = connect(port, '127.0.0.1', () => socket.write(wire));
  const answered = new Promise<boolean>((done) => {
    const limit = setTimeout(() => done(false), 1_000);
    socket.once('error', () => done(false));
    socket.on('data', (bytes) => {
      clearTimeout(limit);
      done(isAnswer(bytes));
    });
  });
  return answered.finally(() => socket.destroy());
}
