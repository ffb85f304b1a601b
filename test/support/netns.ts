/**
 * Small networks of Linux network namespaces: an "internet" with the exchange on it, routers that do NAT of a chosen
 * kind, and a phone behind each. Nothing leaves them, and each network takes its namespaces away with it.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How a router treats UDP (RFC 3489 §5 names them, RFC 4787 explains): who may send in by a mapping, and whether the
 * mapping depends on whom it was made for.
 */
export type NatKind = 'full cone' | 'restricted cone' | 'port restricted' | 'symmetric';

export interface NatSite {
  /** The phone's namespace. */
  readonly name: string;
  readonly privateAddress: string;
  /** The router's address on the internet. */
  readonly publicAddress: string;
  /** The router's namespace; its own where there is none. */
  readonly router: string;
}

/** What the "internet" is reached by; documentation addresses (RFC 5737), which count as public. */
const PREFIX = '203.0.113';
export const EXCHANGE_ADDRESS = `${PREFIX}.1`;

/** Where iproute2 looks for files of a namespace. */
const NETNS_FILES = '/etc/netns';

export class Netns {
  readonly #tag = randomBytes(3).toString('hex');
  readonly #names: string[] = [];
  readonly #opened = new Map<string, number>();
  #sites = 0;

  /** @throws one clear sentence where the machine refuses namespaces. */
  static open(): Netns {
    const net = new Netns();
    try {
      net.#add('net');
      net.#in('net', 'ip', 'link', 'add', 'br0', 'type', 'bridge');
      net.#in('net', 'ip', 'addr', 'add', `${EXCHANGE_ADDRESS}/24`, 'dev', 'br0');
      net.#in('net', 'ip', 'link', 'set', 'br0', 'up');
    } catch (error) {
      net.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(
        `This test needs root, iproute2, nftables and a kernel that allows network namespaces; this machine refused: ${reason}`,
      );
    }
    return net;
  }

  /** The namespace of the exchange. */
  get exchange(): string {
    return this.#full('net');
  }

  /** For servers that send to any address: coturn takes whom it has no way to at all for a fault of the whole relay. */
  addDefaultRoute(): void {
    run('ip', '-n', this.exchange, 'route', 'add', 'default', 'dev', 'br0');
  }

  /** Programs in this namespace ask this server for names (iproute2 puts the file in place of /etc/resolv.conf). */
  askAt({ name }: NatSite, address: string): void {
    const folder = join(NETNS_FILES, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'resolv.conf'), `nameserver ${address}\n`);
  }

  /** For phones that find out their own address by asking for the way to the world. */
  addWayOut({ name }: NatSite): void {
    run('ip', '-n', name, 'route', 'add', 'default', 'dev', 'eth0');
  }

  /** A phone on the internet itself. */
  host(): NatSite {
    const number = ++this.#sites;
    const name = `host${number}`;
    const address = `${PREFIX}.${100 + number}`;
    this.#add(name);
    this.#plug(name, 'eth0', address);
    return { name: this.#full(name), privateAddress: address, publicAddress: address, router: this.#full(name) };
  }

  /** Takes a phone on the internet off the network: its cable is pulled. */
  unplug({ name, privateAddress }: NatSite): void {
    run('ip', '-n', name, 'addr', 'del', `${privateAddress}/24`, 'dev', 'eth0');
  }

  /** Puts it back, under another address. */
  plugIn(site: NatSite): NatSite {
    const address = `${PREFIX}.${100 + ++this.#sites}`;
    run('ip', '-n', site.name, 'addr', 'add', `${address}/24`, 'dev', 'eth0');
    return { ...site, privateAddress: address, publicAddress: address };
  }

  /** A phone behind a router; each site has the same private network, as in life. */
  site(kind: NatKind, { udpTimeoutSeconds }: { readonly udpTimeoutSeconds?: number } = {}): NatSite {
    const number = ++this.#sites;
    const router = `nat${number}`;
    const lan = `lan${number}`;
    const publicAddress = `${PREFIX}.${10 + number}`;
    const privateAddress = '192.168.1.10';
    this.#add(router);
    this.#add(lan);
    this.#plug(router, 'wan', publicAddress);
    run(
      'ip',
      '-n',
      this.#full(router),
      'link',
      'add',
      'lan',
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      this.#full(lan),
    );
    this.#in(router, 'ip', 'addr', 'add', '192.168.1.1/24', 'dev', 'lan');
    this.#in(router, 'ip', 'link', 'set', 'lan', 'up');
    this.#in(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
    this.#in(lan, 'ip', 'addr', 'add', `${privateAddress}/24`, 'dev', 'eth0');
    this.#in(lan, 'ip', 'link', 'set', 'eth0', 'up');
    this.#in(lan, 'ip', 'route', 'add', 'default', 'via', '192.168.1.1');
    run('ip', 'netns', 'exec', this.#full(router), 'nft', rules(kind, privateAddress));
    if (udpTimeoutSeconds !== undefined) {
      for (const name of ['udp_timeout', 'udp_timeout_stream']) {
        this.#in(router, 'sysctl', '-qw', `net.netfilter.nf_conntrack_${name}=${udpTimeoutSeconds}`);
      }
    }
    this.#opened.set(this.#full(router), Date.now());
    return { name: this.#full(lan), privateAddress, publicAddress, router: this.#full(router) };
  }

  /** Another phone in the private network of a site. */
  neighbour(site: NatSite): NatSite {
    const name = `lan${++this.#sites}`;
    const { router } = site;
    const privateAddress = '192.168.1.11';
    this.#add(name);
    const bridge = (...args: string[]): void => run('ip', '-n', router, ...args);
    bridge('link', 'add', 'lanx', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', this.#full(name));
    bridge('addr', 'add', '192.168.1.1/32', 'dev', 'lanx');
    bridge('link', 'set', 'lanx', 'up');
    bridge('route', 'add', `${privateAddress}/32`, 'dev', 'lanx');
    this.#in(name, 'ip', 'addr', 'add', `${privateAddress}/24`, 'dev', 'eth0');
    this.#in(name, 'ip', 'link', 'set', 'eth0', 'up');
    this.#in(name, 'ip', 'route', 'add', 'default', 'via', '192.168.1.1');
    return { ...site, name: this.#full(name), privateAddress };
  }

  /** How long ago a site was made. */
  ageMs({ router }: NatSite): number {
    return Date.now() - (this.#opened.get(router) ?? 0);
  }

  /** Takes every namespace away, and with them their links; also after a failure halfway. */
  close(): void {
    for (const name of this.#names.splice(0).reverse()) {
      run('ip', 'netns', 'del', name);
      rmSync(join(NETNS_FILES, name), { recursive: true, force: true });
    }
  }

  #add(name: string): void {
    run('ip', 'netns', 'add', this.#full(name));
    this.#names.push(this.#full(name));
    this.#in(name, 'ip', 'link', 'set', 'lo', 'up');
  }

  /** Connects a namespace to the internet. */
  #plug(name: string, device: string, address: string): void {
    const port = `p${this.#names.length}`;
    run(
      'ip',
      '-n',
      this.#full('net'),
      'link',
      'add',
      port,
      'type',
      'veth',
      'peer',
      'name',
      device,
      'netns',
      this.#full(name),
    );
    this.#in('net', 'ip', 'link', 'set', port, 'master', 'br0', 'up');
    this.#in(name, 'ip', 'addr', 'add', `${address}/24`, 'dev', device);
    this.#in(name, 'ip', 'link', 'set', device, 'up');
  }

  #in(name: string, ...command: string[]): void {
    run('ip', 'netns', 'exec', this.#full(name), ...command);
  }

  #full(name: string): string {
    return `t${this.#tag}-${name}`;
  }
}

function run(command: string, ...args: string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    const said =
      (error as { stderr?: string }).stderr?.trim() || (error instanceof Error ? error.message : String(error));
    throw new Error(`${command} ${args.slice(0, 4).join(' ')}: ${said}`);
  }
}

/** What the router's kernel is told. Whatever is not let in by a rule or by a connection is dropped. */
function rules(kind: NatKind, inside: string): string {
  const table = (prerouting: string, postrouting: string, sets = '', learn = ''): string => `
    table ip nat {
      ${sets}
      chain pre { type nat hook prerouting priority dstnat; ${prerouting} }
      chain post { type nat hook postrouting priority srcnat; ${postrouting} }
      chain learn { type filter hook forward priority -10; ${learn} }
      chain own { type filter hook input priority 0; iifname "wan" ct state new drop; }
      chain guard {
        type filter hook forward priority 0; policy drop;
        iifname "lan*" accept
        ct state established,related accept
        ct status dnat accept
      }
    }`;
  const keepPort = 'oifname "wan" masquerade;';
  switch (kind) {
    case 'full cone':
      return table(`iifname "wan" ip protocol udp dnat to ${inside};`, keepPort);
    case 'restricted cone':
      return table(
        `iifname "wan" ip protocol udp ip saddr @met dnat to ${inside};`,
        keepPort,
        'set met { type ipv4_addr; flags dynamic, timeout; timeout 5m; }',
        'iifname "lan*" ip protocol udp update @met { ip daddr };',
      );
    case 'port restricted':
      return table('', keepPort);
    case 'symmetric':
      return table('', 'oifname "wan" masquerade random,fully-random;');
  }
}
