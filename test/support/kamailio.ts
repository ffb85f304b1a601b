/** A real Kamailio 5.6 on loopback: a registrar, proxy and presence server that nobody here wrote, with digest. */
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doorsConfig, doorsListen, doorsTls, type KamailioDoors } from './kamailio-doors.ts';
import { type EdgeOptions, edgeConfig } from './kamailio-edge.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

export interface KamailioOptions {
  /** The one password of all its users. */
  readonly password: string;
  /** Digest; MD5 unless told otherwise. */
  readonly algorithm?: 'SHA-256';
  /** Takes PUBLISH and SUBSCRIBE too, for as many seconds at most; what it knows is gone when it ends. */
  readonly presence?: { readonly longest: number };
  readonly doors?: KamailioDoors;
}

const EMPTY_TABLES = '/usr/share/kamailio/dbtext/kamailio';
const TABLES = ['version', 'presentity', 'active_watchers', 'watchers', 'xcap'];
const MODULES = '/usr/lib/x86_64-linux-gnu/kamailio/modules/';

/** Its tables are there only because it does not start without. */
const presenceConfig = (port: number, longest: number, tables: string): string => `
loadmodule "db_text.so"
loadmodule "presence.so"
loadmodule "presence_xml.so"
loadmodule "presence_dialoginfo.so"
loadmodule "presence_mwi.so"
modparam("presence|presence_xml", "db_url", "text://${tables}")
modparam("presence", "subs_db_mode", 0)
modparam("presence", "clean_period", 1)
modparam("presence", "publ_cache", 2)
modparam("presence", "server_address", "sip:127.0.0.1:${port}")
modparam("presence", "max_expires", ${longest})
modparam("presence_xml", "force_active", 1)
`;

const presenceRoute = (password: string): string => `
  if (is_method("PUBLISH|SUBSCRIBE") && uri == myself) {
    if (!has_totag() && !pv_proxy_authenticate("127.0.0.1", "${password}", "0")) {
      proxy_challenge("127.0.0.1", "1");
      exit;
    }
    if (!t_newtran()) { sl_reply_error(); exit; }
    if (is_method("PUBLISH")) handle_publish();
    else handle_subscribe();
    t_release();
    exit;
  }
`;

/** The port stands in the alias: without it every port on this address would count as Kamailio's own. */
const config = (port: number, { password, algorithm, presence, doors }: KamailioOptions, tables: string): string => `
debug=2
log_stderror=yes
fork=yes
children=1
disable_tcp=no
tcp_children=1
listen=udp:127.0.0.1:${port}
listen=tcp:127.0.0.1:${port}
alias="127.0.0.1:${port}"
${doors === undefined ? '' : doorsListen(doors)}
auto_aliases=no
mpath="${MODULES}"
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
${algorithm === undefined ? '' : `modparam("auth", "algorithm", "${algorithm}")`}
${presence === undefined ? '' : presenceConfig(port, presence.longest, tables)}
${doors === undefined ? '' : doorsConfig(doors)}

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
${presence === undefined ? '' : presenceRoute(password)}
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
  readonly #dir: string;
  #process: ChildProcess;
  #output = '';

  private constructor(dir: string, port: number) {
    this.#dir = dir;
    this.port = port;
    this.#process = this.#spawn();
  }

  static async start(options: KamailioOptions): Promise<Kamailio> {
    return Kamailio.#run(options.doors, (port, dir) => {
      const tables = join(dir, 'tables');
      mkdirSync(tables);
      for (const table of options.presence === undefined ? [] : TABLES)
        cpSync(join(EMPTY_TABLES, table), join(tables, table));
      return config(port, options, tables);
    });
  }

  /** One that stands before a registrar, with a door for phones that come by WSS. */
  static edge(options: EdgeOptions): Promise<Kamailio> {
    return Kamailio.#run(options.doors, (port) => edgeConfig(port, MODULES, options));
  }

  static async #run(
    doors: KamailioDoors | undefined,
    config: (port: number, dir: string) => string,
  ): Promise<Kamailio> {
    const dir = mkdtempSync(join(tmpdir(), 'kamailio-'));
    const port = await freePort();
    writeFileSync(join(dir, 'kamailio.cfg'), config(port, dir));
    if (doors !== undefined) writeFileSync(join(dir, 'tls.cfg'), doorsTls(doors));
    const kamailio = new Kamailio(dir, port);
    await kamailio.#ready();
    return kamailio;
  }

  get output(): string {
    return this.#output;
  }

  /** Kills it and starts it again on the same port: it has forgotten everything. */
  async restart(): Promise<void> {
    await this.#kill();
    this.#process = this.#spawn();
    await this.#ready();
  }

  /** Kills it; it may be started again. */
  stop(): Promise<void> {
    return this.#kill();
  }

  async close(): Promise<void> {
    await this.#kill();
    rmSync(this.#dir, { recursive: true, force: true });
  }

  #spawn(): ChildProcess {
    const dir = this.#dir;
    const args = ['-f', join(dir, 'kamailio.cfg'), '-DD', '-E', '-Y', dir, '-w', dir, '-m', '64', '-M', '8'];
    const child = spawn('kamailio', args, { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    child.stderr?.on('data', (chunk) => {
      this.#output = (this.#output + chunk.toString('latin1')).slice(-50_000);
    });
    return child;
  }

  async #ready(): Promise<void> {
    try {
      await until('Kamailio to answer', () => answersOptions(this.port), 15_000);
    } catch (error) {
      await this.close();
      throw new Error(`${error instanceof Error ? error.message : error}\n${this.#output}`);
    }
  }

  async #kill(): Promise<void> {
    const child = this.#process;
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    // Its own process group: Kamailio is several processes, and only ours are to end.
    process.kill(-child.pid, 'SIGKILL');
    await gone;
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
