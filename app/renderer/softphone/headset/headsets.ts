/** The headsets that are plugged in: hears their buttons, lights their lamps, and takes up again what comes back. */
import { textOf } from '../../../shared/text-of.ts';
import { type HidDevice, type HidInput, type HidPort, LED_MUTE, LED_OFF_HOOK, LED_RING } from './hid.ts';
import { hasUsage, type Layout, layoutsOf, reportOf, usagesOn } from './report.ts';

export interface HeadsetView {
  readonly name: string;
  /** Why its buttons are not heard. */
  readonly problem: string | undefined;
}

export interface HeadsetButton {
  readonly vendorId: number;
  readonly productId: number;
  readonly usage: number;
}

/** What the lamps of a headset tell. */
export interface LineLamps {
  readonly ringing: boolean;
  readonly offHook: boolean;
  readonly muted: boolean;
}

export interface HeadsetListener {
  /** A button, or a switch, is on or off now. */
  changed(button: HeadsetButton, on: boolean): void;
  devices(views: readonly HeadsetView[]): void;
}

export interface Headsets {
  show(lamps: LineLamps): void;
  close(): void;
}

/** More are not looked at. */
const MAX_DEVICES = 16;

export function openHeadsets(port: HidPort, listener: HeadsetListener): Headsets {
  const taken = new Map<HidDevice, Taken>();
  let lamps: LineLamps = { ringing: false, offHook: false, muted: false };
  let closed = false;
  const tell = (): void => listener.devices([...taken.values()].map(({ view }) => view()));

  async function takeUp(device: HidDevice): Promise<void> {
    if (closed || taken.has(device) || taken.size >= MAX_DEVICES) return;
    const one = createTaken(device, listener);
    taken.set(device, one);
    await one.open();
    if (closed || taken.get(device) !== one) return one.close();
    one.show(lamps);
    tell();
  }
  const connected = ({ device }: { readonly device: HidDevice }): void => void takeUp(device);
  const gone = ({ device }: { readonly device: HidDevice }): void => {
    taken.get(device)?.close();
    taken.delete(device);
    tell();
  };
  port.addEventListener('connect', connected);
  port.addEventListener('disconnect', gone);
  port.getDevices().then(
    (devices) => Promise.all(devices.map(takeUp)),
    () => {},
  );
  return {
    show(next) {
      lamps = next;
      for (const one of taken.values()) one.show(lamps);
    },
    close() {
      closed = true;
      port.removeEventListener('connect', connected);
      port.removeEventListener('disconnect', gone);
      for (const one of taken.values()) one.close();
      taken.clear();
    },
  };
}

interface Taken {
  open(): Promise<void>;
  show(lamps: LineLamps): void;
  view(): HeadsetView;
  close(): void;
}

function createTaken(device: HidDevice, { changed }: HeadsetListener): Taken {
  const { vendorId, productId } = device;
  const inputs = layoutsOf(device.collections, 'inputReports');
  const outputs = [...layoutsOf(device.collections, 'outputReports')].filter(([, layout]) =>
    [LED_MUTE, LED_OFF_HOOK, LED_RING].some((lamp) => hasUsage(layout, lamp)),
  );
  const before = new Map<number, ReadonlySet<number>>();
  let problem: string | undefined;
  let isOpen = false;
  let wanted: ReadonlySet<number> = new Set();
  let shown = '';
  let sending = false;

  const heard = ({ reportId, data }: HidInput): void => {
    const layout = inputs.get(reportId);
    if (layout === undefined) return;
    const [was, now] = [before.get(reportId) ?? new Set<number>(), usagesOn(layout, data)];
    before.set(reportId, now);
    for (const usage of now) if (!was.has(usage)) changed({ vendorId, productId, usage }, true);
    for (const usage of was) if (!now.has(usage)) changed({ vendorId, productId, usage }, false);
  };
  /** One after the other, and of several wishes the last. */
  async function light(): Promise<void> {
    if (sending || !isOpen) return;
    sending = true;
    while (isOpen && keyOf(wanted) !== shown) {
      const on = wanted;
      shown = keyOf(on);
      for (const [id, layout] of outputs) await send(id, layout, on);
    }
    sending = false;
  }
  async function send(id: number, layout: Layout, on: ReadonlySet<number>): Promise<void> {
    try {
      await device.sendReport(id, reportOf(layout, on));
    } catch {
      // A lamp that stays dark; that the device is gone is told by itself.
    }
  }
  return {
    async open() {
      try {
        if (!device.opened) await device.open();
        device.addEventListener('inputreport', heard);
        isOpen = true;
      } catch (error) {
        problem = `Its buttons cannot be heard: ${textOf(error)}.`;
      }
    },
    show({ ringing, offHook, muted }) {
      wanted = new Set([
        ...(ringing ? [LED_RING] : []),
        ...(offHook ? [LED_OFF_HOOK] : []),
        ...(muted ? [LED_MUTE] : []),
      ]);
      void light();
    },
    view: () => ({ name: device.productName, problem }),
    close() {
      isOpen = false;
      device.removeEventListener('inputreport', heard);
      // One that was pulled out is closed already.
      device.close().catch(() => {});
    },
  };
}

const keyOf = (on: ReadonlySet<number>): string => [...on].join();
