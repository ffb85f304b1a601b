/** Headsets as WebHID shows them, made up after the descriptors of real ones: press their buttons, read their lamps. */
import type { HidCollection, HidDevice, HidInput, HidPort } from '../../../app/renderer/softphone/headset/hid.ts';

/** Hook (absolute), mute (a press), drop, then padding; lamps for mute, off-hook and ring. Report 2 has volume keys. */
export const callCollections: readonly HidCollection[] = [
  {
    inputReports: [
      {
        reportId: 1,
        items: [
          { usages: [0x0b0020], reportSize: 1, reportCount: 1 },
          { usages: [0x0b002f, 0x0b0026], reportSize: 1, reportCount: 2 },
          { usages: [], reportSize: 1, reportCount: 5 },
        ],
      },
    ],
    outputReports: [
      {
        reportId: 3,
        items: [
          { usages: [0x080009, 0x080017, 0x080018], reportSize: 1, reportCount: 3 },
          { usages: [], reportSize: 1, reportCount: 5 },
        ],
      },
    ],
  },
  {
    inputReports: [
      {
        reportId: 2,
        items: [
          {
            isArray: true,
            isRange: true,
            usageMinimum: 0x0c00e9,
            usageMaximum: 0x0c00ea,
            reportSize: 8,
            reportCount: 1,
            logicalMinimum: 1,
          },
        ],
      },
    ],
  },
];

export class FakeHeadset implements HidDevice {
  readonly vendorId = 0x1234;
  readonly productId: number;
  readonly productName: string;
  readonly collections = callCollections;
  opened = false;
  refuses = false;
  /** Reports that were sent to it: id and first byte. */
  readonly lamps: (readonly [id: number, byte: number])[] = [];
  readonly #listeners = new Set<(event: HidInput) => void>();

  constructor(productName = 'Desk 65', productId = 0x65) {
    this.productName = productName;
    this.productId = productId;
  }
  async open(): Promise<void> {
    if (this.refuses) throw new Error('access denied');
    this.opened = true;
  }
  async close(): Promise<void> {
    this.opened = false;
  }
  async sendReport(id: number, data: Uint8Array): Promise<void> {
    this.lamps.push([id, data[0] ?? -1]);
  }
  addEventListener(_: 'inputreport', listener: (event: HidInput) => void): void {
    this.#listeners.add(listener);
  }
  removeEventListener(_: 'inputreport', listener: (event: HidInput) => void): void {
    this.#listeners.delete(listener);
  }
  say(reportId: number, ...bytes: number[]): void {
    for (const tell of this.#listeners) tell({ reportId, data: new DataView(Uint8Array.from(bytes).buffer) });
  }
}

export class FakeHid implements HidPort {
  readonly devices: FakeHeadset[];
  readonly #listeners = new Map<string, (event: { readonly device: HidDevice }) => void>();

  constructor(...devices: FakeHeadset[]) {
    this.devices = devices;
  }
  getDevices = async () => this.devices;
  addEventListener(name: string, listener: (event: { readonly device: HidDevice }) => void): void {
    this.#listeners.set(name, listener);
  }
  removeEventListener(name: string): void {
    this.#listeners.delete(name);
  }
  tell(name: 'connect' | 'disconnect', device: HidDevice): void {
    this.#listeners.get(name)?.({ device });
  }
}
