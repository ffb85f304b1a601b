/** Networks that the office trusts by its own choice, beside those that the command line names: asked for each offence. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Database, Statement } from './sqlite.ts';

/** A row as it stands. */
export interface NetworkRow {
  /** As `192.0.2.0/24`, or one address. */
  readonly network: string;
  /** ms since 1970. */
  readonly added_at: number;
}

export class TrustedNetworkStore {
  readonly #all: Statement;
  readonly #add: Statement;
  readonly #remove: Statement;
  #rows: readonly NetworkRow[] = [];
  #list = new BlockList();

  constructor(db: Database) {
    this.#all = db.prepare('SELECT network, added_at FROM trusted_networks ORDER BY added_at, network');
    this.#add = db.prepare('INSERT INTO trusted_networks (network, added_at) VALUES (?, ?)');
    this.#remove = db.prepare('DELETE FROM trusted_networks WHERE network = ?');
    this.refresh();
  }

  /** In the order in which they were added. */
  all(): readonly NetworkRow[] {
    return this.#rows;
  }

  has(host: string): boolean {
    return this.#rows.length > 0 && isIP(host) !== 0 && this.#list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
  }

  /** Within the caller's transaction; `refresh` has it take effect. */
  add({ network, added_at }: NetworkRow): void {
    this.#add.run(network, added_at);
  }

  /** As `add`. */
  remove(network: string): void {
    this.#remove.run(network);
  }

  /** Has memory follow the rows, whoever wrote them. */
  refresh(): void {
    this.#rows = this.#all.all() as unknown as NetworkRow[];
    this.#list = new BlockList();
    for (const { network } of this.#rows) addTo(this.#list, network);
  }
}

/** @param network as it is kept: checked before. */
export function addTo(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/');
  const isSix = isIPv6(address);
  list.addSubnet(address, Number(bits ?? (isSix ? 128 : 32)), isSix ? 'ipv6' : 'ipv4');
}
