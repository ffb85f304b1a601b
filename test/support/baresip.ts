/** A real baresip 1.0 on loopback, steered through its ctrl_tcp module: a peer that nobody here wrote. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { freePort } from './ports.ts';
import { until } from './until.ts';
import { lastSecondOf, levelOf } from './wav-file.ts';

export interface BaresipOptions {
  /** Such as `sip:1002@127.0.0.1:5060`. */
  readonly aor: string;
  readonly password?: string;
  /** Without a registrar baresip only listens. */
  readonly register?: boolean;
  readonly outbound?: string;
  /** PEM: whom it believes over TLS, and its own certificate with its key. */
  readonly tls?: { readonly ca: string; readonly certificate: string };
  /** Such as `opus/48000/2` or `PCMU/8000/1`; the first is preferred. */
  readonly codecs?: readonly string[];
  readonly answer?: 'auto' | 'manual';
  /** Takes and offers no sound but by SRTP, with keys in the description or by DTLS. */
  readonly srtp?: 'sdes' | 'dtls' | undefined;
  /** Where it runs when not on loopback (see netns.ts), and its address there. */
  readonly namespace?: { readonly name: string; readonly address: string };
  /** More modules than those of calls, such as `presence` and `mwi`. */
  readonly modules?: readonly string[];
  /** Whom it watches, with the modules `contact` and `presence`; URIs. */
  readonly watches?: readonly string[];
  /** Whether it speaks IPv6, at ::1, in place of IPv4. */
  readonly six?: boolean;
  /** Frequency of the tone that it sends, in Hz. */
  readonly toneHz?: number;
}

/** One event of baresip, such as `{type: 'CALL_ESTABLISHED', param: …}`. */
export interface BaresipEvent {
  readonly type: string;
  readonly class: string;
  readonly param: string;
  readonly peeruri?: string;
}

const MODULES = ['g711', 'g722', 'opus', 'ausine', 'aubridge', 'sndfile', 'uuid', 'srtp', 'dtls_srtp', 'account'];

function configure(dir: string, options: BaresipOptions, sipPort: number, controlPort: number): void {
  const address = options.six === true ? '[::1]' : (options.namespace?.address ?? '127.0.0.1');
  const config = [
    'poll_method epoll',
    `sip_listen ${address}:${sipPort}`,
    `net_interface ${options.six === true ? '::1' : address}`,
    ...(options.six === true ? ['net_af ipv6'] : []),
    `audio_source ausine,${options.toneHz ?? 440}`,
    'audio_player aubridge,far',
    'audio_alert aubridge,alert',
    'audio_level no',
    // Its tone generator knows this form only; it resamples for the codec.
    'ausrc_srate 48000',
    'ausrc_channels 2',
    'auplay_srate 48000',
    'audio_buffer 20-160',
    ...(options.tls === undefined ? [] : [`sip_cafile ${dir}/ca.pem`, `sip_certificate ${dir}/certificate.pem`]),
    `snd_path ${dir}`,
    'module_path /usr/lib/baresip/modules',
    ...MODULES.map((name) => `module ${name}.so`),
    ...(options.modules ?? []).map((name) => `module_app ${name}.so`),
    'module_app menu.so',
    'module_app ctrl_tcp.so',
    `ctrl_tcp_listen 127.0.0.1:${controlPort}`,
  ];
  const account = [
    `<${options.aor}>`,
    `regint=${options.register === false ? 0 : 60}`,
    `answermode=${options.answer ?? 'auto'}`,
    `audio_codecs=${(options.codecs ?? ['opus/48000/2', 'G722/16000/1', 'PCMU/8000/1', 'PCMA/8000/1']).join(',')}`,
    ...(options.srtp === undefined ? [] : [`mediaenc=${{ sdes: 'srtp-mand', dtls: 'dtls_srtp' }[options.srtp]}`]),
    ...(options.password === undefined ? [] : [`auth_pass=${options.password}`]),
    ...(options.outbound === undefined ? [] : [`outbound="${options.outbound}"`]),
  ];
  writeFileSync(join(dir, 'config'), `${config.join('\n')}\n`);
  writeFileSync(join(dir, 'accounts'), `${account.join(';')}\n`);
  const contacts = (options.watches ?? []).map((uri) => `<${uri}>;presence=p2p\n`);
  writeFileSync(join(dir, 'contacts'), contacts.join(''));
  if (options.tls === undefined) return;
  writeFileSync(join(dir, 'ca.pem'), options.tls.ca);
  writeFileSync(join(dir, 'certificate.pem'), options.tls.certificate);
}

/** A command as it is run in a network namespace. */
function inside(namespace: string | undefined, command: string, ...args: string[]): [string, ...string[]] {
  return namespace === undefined ? [command, ...args] : ['ip', 'netns', 'exec', namespace, command, ...args];
}

async function connected(port: number): Promise<readonly [Readable, Writable]> {
  const socket = connect(port, '127.0.0.1');
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return [socket, socket];
}

export class Baresip {
  readonly events: BaresipEvent[] = [];
  /** Where it listens for SIP, on UDP and TCP. */
  readonly sipPort: number;
  readonly #process: ChildProcess;
  readonly #dir: string;
  readonly #namespace: string | undefined;
  #control: Writable | undefined;
  #bridge: ChildProcess | undefined;
  #output = '';

  private constructor(process: ChildProcess, dir: string, sipPort: number, namespace: string | undefined) {
    this.#namespace = namespace;
    this.sipPort = sipPort;
    this.#process = process;
    this.#dir = dir;
    process.stdout?.on('data', (chunk) => this.#keep(chunk));
    process.stderr?.on('data', (chunk) => this.#keep(chunk));
  }

  /** Starts it and waits until it takes commands and, where asked to, is registered. */
  static async start(options: BaresipOptions): Promise<Baresip> {
    const dir = mkdtempSync(join(tmpdir(), 'baresip-'));
    const controlPort = await freePort();
    const sipPort = await freePort();
    configure(dir, options, sipPort, controlPort);
    const [command, ...args] = inside(options.namespace?.name, 'baresip', '-f', dir, '-v');
    const process = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const baresip = new Baresip(process, dir, sipPort, options.namespace?.name);
    try {
      await until('baresip to start', () => baresip.#output.includes('baresip is ready'));
      await baresip.#openControl(controlPort);
      if (options.register !== false) {
        // Printed, since the event may come before the control connection is there.
        await until('baresip to register', () => /200 OK .*\[\d+ bindings?\]/.test(baresip.#output));
      }
    } catch (error) {
      await baresip.close();
      throw new Error(`${error instanceof Error ? error.message : error}\n${baresip.#output}`);
    }
    return baresip;
  }

  /** What it printed, for the message of a failed test. */
  get output(): string {
    return this.#output;
  }

  dial(uri: string): void {
    this.#command('dial', uri);
  }

  accept(): void {
    this.#command('accept');
  }

  hangUp(): void {
    this.#command('hangup');
  }

  hold(): void {
    this.#command('hold');
  }

  resume(): void {
    this.#command('resume');
  }

  /** Asks the other side of the call to call `uri`. */
  transfer(uri: string): void {
    this.#command('transfer', uri);
  }

  /** Sends digits in the call as telephone-events. */
  sendDigits(digits: string): void {
    for (const digit of digits) this.#command('sndcode', digit);
  }

  async waitFor(type: string, timeoutMs = 10_000): Promise<BaresipEvent> {
    return until(`baresip's ${type}`, () => this.events.find((event) => event.type === type), timeoutMs).catch(
      (error) => {
        throw new Error(
          `${error.message}; it saw ${this.events.map((e) => e.type).join(' ')}\n${this.#output.slice(-3000)}`,
        );
      },
    );
  }

  /** The digits received so far, in order. */
  get digits(): string {
    return this.events
      .filter((event) => event.type === 'CALL_DTMF_START')
      .map((event) => event.param)
      .join('');
  }

  /**
   * Root mean square (0 to 32767) of the last second of what it heard in its latest call; 0 before it heard anything. What it hears after a
   * re-INVITE is not known: its player is opened anew and records nothing more.
   */
  heardLevel(): number {
    return levelOf(this.#lastSecond().samples);
  }

  /** Amplitude (0 to 32767) of one frequency in the last second of what it heard (Goertzel). */
  heardTone(hz: number): number {
    const { samples, rate } = this.#lastSecond();
    if (samples.length === 0) return 0;
    const turn = 2 * Math.cos((2 * Math.PI * hz) / rate);
    let [last, before] = [0, 0];
    for (const sample of samples) [last, before] = [sample + turn * last - before, last];
    const power = last * last + before * before - turn * last * before;
    return (2 * Math.sqrt(Math.max(power, 0))) / samples.length;
  }

  #lastSecond(): { readonly samples: Int16Array; readonly rate: number } {
    // Their names tell when they began.
    const file = readdirSync(this.#dir)
      .filter((name) => name.endsWith('-dec.wav'))
      .sort()
      .at(-1);
    return lastSecondOf(file && join(this.#dir, file));
  }

  /** Ends it as its owner would, so that it signs off at the registrar; by force when it does not end. */
  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = new Promise((resolve) => this.#process.once('exit', resolve));
      const limit = setTimeout(() => this.#process.kill('SIGKILL'), 3000);
      this.#process.kill('SIGTERM');
      await gone;
      clearTimeout(limit);
    }
    this.#control?.destroy();
    this.#bridge?.kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #keep(chunk: Buffer): void {
    this.#output = (this.#output + chunk.toString('latin1')).slice(-50_000);
  }

  async #openControl(port: number): Promise<void> {
    const [replies, commands] =
      this.#namespace === undefined ? await connected(port) : await this.#bridged(port, this.#namespace);
    this.#control = commands;
    let pending = '';
    replies.on('data', (chunk: Buffer) => {
      pending += chunk.toString('latin1');
      for (let colon = pending.indexOf(':'); colon > 0; colon = pending.indexOf(':')) {
        const length = Number(pending.slice(0, colon));
        if (pending.length < colon + 1 + length + 1) return;
        const message = JSON.parse(pending.slice(colon + 1, colon + 1 + length));
        if (message.event === true) this.events.push(message);
        pending = pending.slice(colon + 1 + length + 1);
      }
    });
  }

  /** Loopback of another namespace is reached by a process there. */
  async #bridged(port: number, namespace: string): Promise<readonly [Readable, Writable]> {
    const script = `const s=require('net').connect(${port},'127.0.0.1',()=>process.stderr.write('up'));
      process.stdin.pipe(s);s.pipe(process.stdout)`;
    const [command, ...args] = inside(namespace, process.execPath, '-e', script);
    const bridge = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#bridge = bridge;
    // It may be gone before the last word to it.
    bridge.stdin.on('error', () => undefined);
    let said = '';
    bridge.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await until(`the control of baresip in ${namespace}`, () => said === 'up');
    return [bridge.stdout, bridge.stdin];
  }

  #command(command: string, params?: string): void {
    const text = JSON.stringify({ command, ...(params === undefined ? {} : { params }) });
    this.#control?.write(`${text.length}:${text},`);
  }
}
