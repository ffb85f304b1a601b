/** A real Kamailio with TLS on loopback, as another server beside the exchange: it passes on what it gets. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export interface TlsKamailioOptions {
  /** PEM files. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const config = (udp: number, tls: number): string => `
debug=2
log_stderror=yes
fork=yes
children=1
tcp_children=1
enable_tls=yes
tcp_accept_no_cl=no
listen=udp:127.0.0.1:${udp}
listen=tls:127.0.0.1:${tls}
alias="127.0.0.1:${udp}"
auto_aliases=no
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "siputils.so"
loadmodule "textops.so"
loadmodule "tls.so"
modparam("tls", "config", "tls.cfg")

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if ($rU == "echo") { sl_send_reply("200", "Heard"); exit; }
  t_relay();
}
`;

/** It believes, and shows its own certificate to, only those whom this authority has signed. */
const tlsConfig = ({ ca, cert, key }: TlsKamailioOptions): string => `
[server:default]
method = TLSv1.2+
verify_certificate = yes
require_certificate = yes
private_key = ${key}
certificate = ${cert}
ca_list = ${ca}
[client:default]
method = TLSv1.2+
verify_certificate = yes
require_certificate = yes
private_key = ${key}
certificate = ${cert}
ca_list = ${ca}
`;

export class TlsKamailio {
  readonly udpPort: number;
  readonly tlsPort: number;
  readonly #process: ChildProcess;
  readonly #dir: string;
  #output = '';

  private constructor(process: ChildProcess, dir: string, udpPort: number, tlsPort: number) {
    this.#process = process;
    this.#dir = dir;
    this.udpPort = udpPort;
    this.tlsPort = tlsPort;
    process.stderr?.on('data', (chunk) => {
      this.#output = (this.#output + chunk.toString('latin1')).slice(-50_000);
    });
  }

  static async start(options: TlsKamailioOptions): Promise<TlsKamailio> {
    const dir = mkdtempSync(join(tmpdir(), 'kamailio-tls-'));
    const [udp, tls] = [await freePort(), await freePort()];
    writeFileSync(join(dir, 'kamailio.cfg'), config(udp, tls));
    writeFileSync(join(dir, 'tls.cfg'), tlsConfig(options));
    const args = ['-f', join(dir, 'kamailio.cfg'), '-DD', '-E', '-Y', dir, '-w', dir, '-m', '64', '-M', '8'];
    const child = spawn('kamailio', args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const kamailio = new TlsKamailio(child, dir, udp, tls);
    try {
      await until(
        'Kamailio to answer',
        () => kamailio.ask(`sip:echo@127.0.0.1:${udp}`, 300).catch(() => undefined),
        15_000,
      );
    } catch (error) {
      await kamailio.close();
      throw new Error(`${error instanceof Error ? error.message : error}\n${kamailio.#output}`);
    }
    return kamailio;
  }

  get output(): string {
    return this.#output;
  }

  /** Sends it an OPTIONS for `uri` by UDP and gives the final response. */
  async ask(uri: string, timeoutMs = 10_000): Promise<string> {
    const socket = createSocket('udp4');
    try {
      socket.bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const { port } = socket.address();
      const answers: string[] = [];
      socket.on('message', (data) => void answers.push(data.toString('latin1')));
      const id = `${port}-${Date.now()}`;
      const text =
        `OPTIONS ${uri} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${id}\r\nFrom: <sip:a@b.example>;tag=1\r\n` +
        `To: <${uri}>\r\nCall-ID: ${id}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n`;
      socket.send(text, this.udpPort, '127.0.0.1');
      return await until(
        'an answer through Kamailio',
        () => answers.find((one) => !one.startsWith('SIP/2.0 1')),
        timeoutMs,
      );
    } finally {
      socket.close();
    }
  }

  async close(): Promise<void> {
    const { pid } = this.#process;
    if (pid !== undefined && this.#process.exitCode === null && this.#process.signalCode === null) {
      const gone = new Promise((resolve) => this.#process.once('exit', resolve));
      // Its own process group: Kamailio is several processes, and only ours are to end.
      process.kill(-pid, 'SIGKILL');
      await gone;
    }
    rmSync(this.#dir, { recursive: true, force: true });
  }
}
