/** An exchange in a network of namespaces, and whole phones of ours in its sites. Needs root. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallSettings } from '../../../app/shared/call-settings.ts';
import { ExchangeProcess } from '../../support/exchange-process.ts';
import { EXCHANGE_ADDRESS, type NatSite, Netns } from '../../support/netns.ts';
import { buildPhone, Phone } from './phone.ts';

export const PASSWORD = 'good-pass';

export class PhoneLab {
  readonly #folder: string;
  readonly #phones: Phone[] = [];
  readonly net: Netns;
  readonly exchange: ExchangeProcess;

  constructor(folder: string, net: Netns, exchange: ExchangeProcess) {
    this.#folder = folder;
    this.net = net;
    this.exchange = exchange;
  }

  /** With users of these numbers. */
  static async open(numbers: readonly string[]): Promise<PhoneLab> {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-lab-'));
    buildPhone(scriptIn(folder));
    const net = Netns.open();
    const users = Object.fromEntries(numbers.map((number) => [number, PASSWORD]));
    try {
      const namespace = { name: net.exchange, address: EXCHANGE_ADDRESS };
      return new PhoneLab(folder, net, await ExchangeProcess.start({ users, namespace }));
    } catch (error) {
      net.close();
      throw error;
    }
  }

  /** A phone that is registered. */
  async phone(
    site: NatSite,
    number: string,
    calls: Partial<CallSettings>,
    server = this.exchange.server,
  ): Promise<Phone> {
    const phone = new Phone(scriptIn(this.#folder), site);
    this.#phones.push(phone);
    await phone.register(server, number, calls);
    return phone;
  }

  async close(): Promise<void> {
    for (const phone of this.#phones.splice(0)) phone.close();
    await this.exchange.close();
    this.net.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

const scriptIn = (folder: string): string => join(folder, 'phone.cjs');
