/** A real linphonec on loopback, told what to do by the lines that a person would type. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { until } from './until.ts';
import { lastSecondOf, levelOf } from './wav-file.ts';

export interface LinphoneOptions {
  readonly number: string;
  readonly password: string;
  /** `host:port` of its exchange, whose domain is the host. */
  readonly server: string;
  /** Whom it watches; URIs. */
  readonly watches?: readonly string[];
  /** Whether it publishes the presence of its user. */
  readonly publishes?: boolean;
  /** Where a list of all whom it watches is sent as one subscription (RFC 5367), instead of one for each. */
  readonly listAt?: string;
  /** The network namespace where it runs when not on loopback (see netns.ts). */
  readonly namespace?: string;
}

/** Of Debian's linphone-common. */
const VOICE = '/usr/share/sounds/linphone/hello8000.wav';

function configuration(options: LinphoneOptions, sip: number, rtp: number): string {
  const { number, password, server, watches = [], publishes = false, listAt } = options;
  const [host = ''] = server.split(':');
  return [
    ...['[sip]', `sip_port=${sip}`, 'sip_tcp_port=-1', 'sip_tls_port=-1', 'default_proxy=0', 'use_ipv6=0'],
    ...(listAt === undefined ? [] : [`rls_uri=${listAt}`]),
    ...['[rtp]', `audio_rtp_port=${rtp}`],
    ...['[net]', 'firewall_policy=0', 'stun_server='],
    ...['[misc]', 'version_check_url_root=', '[lime]', 'enabled=0'],
    ...['[auth_info_0]', `username=${number}`, `passwd=${password}`, `realm=${host}`, `domain=${host}`],
    ...['[proxy_0]', `reg_proxy=<sip:${server}>`, `reg_identity=sip:${number}@${server}`],
    ...['reg_sendregister=1', 'reg_expires=600', `publish=${publishes ? 1 : 0}`, 'publish_expires=600'],
    ...watches.flatMap((uri, i) => [`[friend_${i}]`, `url=<${uri}>`, 'pol=accept', 'subscribe=1']),
    '',
  ].join('\n');
}

export class Linphone {
  readonly #process: ChildProcess;
  readonly #dir: string;
  #output = '';

  private constructor(process: ChildProcess, dir: string) {
    this.#process = process;
    this.#dir = dir;
    for (const stream of [process.stdout, process.stderr]) {
      stream?.on('data', (chunk) => {
        this.#output = (this.#output + chunk.toString('utf8')).slice(-50_000);
      });
    }
  }

  /** Starts it and waits until it is registered. */
  static async start(options: LinphoneOptions): Promise<Linphone> {
    const dir = mkdtempSync(join(tmpdir(), 'linphone-'));
    mkdirSync(join(dir, '.local/share/linphone'), { recursive: true });
    writeFileSync(join(dir, 'rc'), configuration(options, await freePort(), await freePort()));
    const env = { ...process.env, HOME: dir };
    const { namespace } = options;
    const inside = namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace];
    const [program = '', ...words] = [...inside, 'linphonec', '-c', join(dir, 'rc')];
    const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], env });
    // It may be gone before the last word to it.
    child.stdin.on('error', () => undefined);
    const linphone = new Linphone(child, dir);
    try {
      await linphone.waitFor(/linphonec> /);
      // It says nothing by itself.
      for (let left = 20; left > 0 && !/registered, identity=/.test(linphone.output); left--) {
        linphone.type('status register');
        await linphone.waitFor(/registered, identity=/, left > 1 ? 300 : 3_000).catch((error) => {
          if (left === 1) throw error;
        });
      }
    } catch (error) {
      await linphone.close();
      throw error;
    }
    return linphone;
  }

  get output(): string {
    return this.#output;
  }

  /** Types a line. */
  type(line: string): void {
    this.#process.stdin?.write(`${line}\n`);
  }

  async waitFor(what: RegExp, timeoutMs = 10_000): Promise<void> {
    await until(`linphonec to say ${what}`, () => what.test(this.#output), timeoutMs).catch((error) => {
      throw new Error(`${error.message}\n${this.#output.slice(-3000)}`, { cause: error });
    });
  }

  /** Plays a voice in its calls from now on, and keeps what it hears. */
  playFiles(): void {
    for (const line of ['soundcard use files', `play ${VOICE}`, `record ${this.#heard}`]) this.type(line);
  }

  /** Root mean square (0 to 32767) of the last second that it heard. */
  heardLevel(): number {
    return levelOf(lastSecondOf(existsSync(this.#heard) ? this.#heard : undefined).samples);
  }

  /** Signs in anew from where it is now. */
  signIn({ number, password, server }: LinphoneOptions): void {
    this.type(`register sip:${number}@${server} sip:${server} ${password}`);
  }

  get #heard(): string {
    return join(this.#dir, 'heard.wav');
  }

  /** What came as messages so far, in order. */
  get texts(): string[] {
    return [...this.#output.matchAll(/^.*Message received from [^:\n]*(?:<[^>\n]*>|sip:\S+?): (.*)$/gm)].map(
      ([, text = '']) => text,
    );
  }

  /** What it showed of a number that it watches, in the order in which that came: `Online`, `Offline`, `On the phone` … */
  shown(number: string): string[] {
    const lines = this.#output.matchAll(/Friend .*?<sip:([^@>]+)@[^>]*> is ([^\r\n]+)/g);
    return [...lines].filter(([, who]) => who === number).map(([, , state = '']) => state.trim());
  }

  /** Ends it as its owner would, so that it signs off; by force when it does not end. */
  async close(): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = new Promise((resolve) => this.#process.once('exit', resolve));
      const limit = setTimeout(() => this.#process.kill('SIGKILL'), 5_000);
      this.type('quit');
      await gone;
      clearTimeout(limit);
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
