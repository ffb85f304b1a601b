/** A real Kamailio 5.6 on loopback: a registrar and proxy that nobody here wrote, with digest and Record-Route. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export interface KamailioOptions {
  /** The one password of all its users. */
  readonly password: string;
}

/** The port stands in the alias: without it every port on this address would count as Kamailio's own. */
const config = (port: number, password: string): string => `
debug=2
log_stderror=yes
fork=yes
children=1
disable_tcp=no
tcp_children=1
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
alias="127.0.0.1:${port}"
auto_aliases=no
mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "rr.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
modparam("usrloc", "db_mode", 0)
modparam("auth", "nonce_expire", 300)

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { t_relay(); exit; }
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not here");
    exit;
  }
  t_check_trans();
  if (is_method("REGISTER")) {
    if (!pv_www_authenticate("127.0.0.1", "${password}", "0")) { www_challenge("127.0.0.1", "1"); exit; }
    save("location");
    exit;
  }
  if (is_method("INVITE")) {
    if (!pv_proxy_authenticate("127.0.0.1", "${password}", "0")) { proxy_challenge("127.0.0.1", "1"); exit; }
    consume_credentials();
  }
  record_route();
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_relay();
}
`;

export class Kamailio {
  readonly port: number;
  readonly #process: ChildProcess;
  readonly #dir: string;
  #output = '';

  private constructor(process: ChildProcess, dir: string, port: number) {
    this.#process = process;
    this.#dir = dir;
    this.port = port;
    process.stderr?.on('data', (chunk) => {
      this.#output = (this.#output + chunk.toString('latin1')).slice(-50_000);
    });
  }

  static async start(options: KamailioOptions): Promise<Kamailio> {
    const dir = mkdtempSync(join(tmpdir(), 'kamailio-'));
    const port = await freePort();
    writeFileSync(join(dir, 'kamailio.cfg'), config(port, options.password));
    const args = ['-f', join(dir, 'kamailio.cfg'), '-DD', '-E', '-Y', dir, '-w', dir, '-m', '64', '-M', '8'];
    const child = spawn('kamailio', args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    const kamailio = new Kamailio(child, dir, port);
    try {
      await until('Kamailio to answer', () => answersOptions(port), 15_000);
    } catch (error) {
      await kamailio.close();
      throw new Error(`${error instanceof Error ? error.message : error}\n${kamailio.#output}`);
    }
    return kamailio;
  }

  get output(): string {
    return this.#output;
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

/** Whether anything at this port answers one request. */
async function answersOptions(port: number): Promise<boolean> {
  const { createSocket } = await import('node:dgram');
  const socket = createSocket('udp4');
  try {
    return await new Promise<boolean>((resolve, reject) => {
      const timer = setTimeout(() => resolve(false), 300);
      socket.once('message', () => {
        clearTimeout(timer);
        resolve(true);
      });
      socket.once('error', reject);
      socket.bind(0, '127.0.0.1', () => {
        const from = `sip:probe@127.0.0.1:${socket.address().port}`;
        socket.send(
          `OPTIONS sip:127.0.0.1:${port} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:${socket.address().port};branch=z9hG4bK${Date.now()}\r\n` +
            `From: <${from}>;tag=1\r\nTo: <sip:127.0.0.1:${port}>\r\nCall-ID: probe${Date.now()}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n`,
          port,
          '127.0.0.1',
        );
      });
    });
  } finally {
    socket.close();
  }
}
