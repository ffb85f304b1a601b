/** The part of WebHID that headsets are used by, and the usages that they have for calls (HID Usage Tables 1.5, pages 8, 11). */

export interface HidItem {
  /** Page in the upper 16 bits. */
  readonly usages?: readonly number[];
  readonly isRange?: boolean;
  readonly usageMinimum?: number;
  readonly usageMaximum?: number;
  /** Bits of one element. */
  readonly reportSize?: number;
  readonly reportCount?: number;
  /** Its elements name what is on, instead of being on or off. */
  readonly isArray?: boolean;
  readonly logicalMinimum?: number;
}

export interface HidReport {
  readonly reportId?: number;
  readonly items?: readonly HidItem[];
}

export interface HidCollection {
  readonly children?: readonly HidCollection[];
  readonly inputReports?: readonly HidReport[];
  readonly outputReports?: readonly HidReport[];
}

export interface HidInput {
  readonly reportId: number;
  readonly data: DataView;
}

export interface HidDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly productName: string;
  readonly opened: boolean;
  readonly collections: readonly HidCollection[];
  open(): Promise<void>;
  close(): Promise<void>;
  sendReport(reportId: number, data: Uint8Array): Promise<void>;
  addEventListener(name: 'inputreport', listener: (event: HidInput) => void): void;
  removeEventListener(name: 'inputreport', listener: (event: HidInput) => void): void;
}

/** `navigator.hid`. */
export interface HidPort {
  getDevices(): Promise<readonly HidDevice[]>;
  addEventListener(name: 'connect' | 'disconnect', listener: (event: { readonly device: HidDevice }) => void): void;
  removeEventListener(name: 'connect' | 'disconnect', listener: (event: { readonly device: HidDevice }) => void): void;
}

export const HOOK = 0x0b_0020;
export const DROP = 0x0b_0026;
export const PHONE_MUTE = 0x0b_002f;
export const LED_MUTE = 0x08_0009;
export const LED_OFF_HOOK = 0x08_0017;
export const LED_RING = 0x08_0018;
