/** What the page may use, what is listened to, when the network counts as changed, and how the program ends. */
import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { closeInOrder } from '../../../../app/main/closing.ts';
import { watchNetwork } from '../../../../app/main/network-watch.ts';
import { guardPermissions, originOf } from '../../../../app/main/permissions.ts';
import { BRIDGE_CHANNEL, pageWire } from '../../../../app/main/wires.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

const ORIGIN = 'app://tandem';

describe('permissions', () => {
  type Request = (contents: object, permission: string, answer: (granted: boolean) => void, details: object) => void;
  type Check = (contents: null, permission: string, origin: string, details: object) => boolean;
  let request: Request = () => {};
  let check: Check = () => true;
  let device: (details: object) => boolean = () => true;
  let download: (event: { preventDefault(): void }) => void = () => {};
  const session = {
    setPermissionRequestHandler: (handler: Request) => {
      request = handler;
    },
    setPermissionCheckHandler: (handler: Check) => {
      check = handler;
    },
    setDevicePermissionHandler: (handler: typeof device) => {
      device = handler;
    },
    on: (event: string, listener: typeof download) => {
      if (event === 'will-download') download = listener;
    },
  };
  guardPermissions(session as never, ORIGIN);

  it.each([
    ['media', ['audio'], `${ORIGIN}/index.html`, `${ORIGIN}/index.html`, true],
    ['media', ['video'], `${ORIGIN}/`, `${ORIGIN}/`, false],
    ['media', ['audio', 'video'], `${ORIGIN}/`, `${ORIGIN}/`, false],
    ['media', [], `${ORIGIN}/`, `${ORIGIN}/`, false],
    ['media', undefined, `${ORIGIN}/`, `${ORIGIN}/`, false],
    ['media', ['audio'], 'https://example.org/', `${ORIGIN}/`, false],
    ['media', ['audio'], `${ORIGIN}/`, 'https://example.org/', false],
    ['media', ['audio'], 'app://tandem.example.org/', `${ORIGIN}/`, false],
    ['media', ['audio'], 'no address', `${ORIGIN}/`, false],
    ['geolocation', ['audio'], `${ORIGIN}/`, `${ORIGIN}/`, false],
    ['notifications', undefined, `${ORIGIN}/`, `${ORIGIN}/`, false],
  ])('%s %j asked by %s in %s: %s', (permission, mediaTypes, requestingUrl, url, granted) => {
    let answered: boolean | undefined;
    const details = mediaTypes === undefined ? { requestingUrl } : { requestingUrl, mediaTypes };
    request(
      { getURL: () => url },
      permission,
      (answer) => {
        answered = answer;
      },
      details,
    );
    expect(answered).toBe(granted);
  });

  it.each([
    ['media', `${ORIGIN}/`, 'audio', true],
    ['media', `${ORIGIN}/`, 'video', false],
    ['media', 'https://example.org', 'audio', false],
    ['clipboard-read', `${ORIGIN}/`, 'audio', false],
    ['hid', `${ORIGIN}/`, undefined, true],
    ['hid', 'https://example.org', undefined, false],
  ])('%s seen by %s for %s: %s', (permission, origin, mediaType, seen) => {
    expect(check(null, permission, origin, { mediaType })).toBe(seen);
  });

  it('nothing is downloaded', () => {
    let prevented = false;
    download({
      preventDefault: () => {
        prevented = true;
      },
    });
    expect(prevented).toBe(true);
  });

  it.each([
    ['hid', [0x0b], `${ORIGIN}/`, true],
    ['hid', [0x0c], `${ORIGIN}/`, true],
    ['hid', [0xff00, 0x0b, 0x01], `${ORIGIN}/`, true],
    // A keyboard with keys for media is no headset.
    ['hid', [0x0c, 0x01], `${ORIGIN}/`, false],
    ['hid', [0xf1d0], `${ORIGIN}/`, false],
    ['hid', undefined, `${ORIGIN}/`, false],
    ['hid', [0x0b], 'https://example.org', false],
    ['usb', [0x0b], `${ORIGIN}/`, false],
    ['serial', [0x0b], `${ORIGIN}/`, false],
  ])('a device of kind %s with the pages %j, wanted by %s: %s', (deviceType, pages, origin, granted) => {
    const collections = pages?.map((usagePage) => ({ usagePage }));
    expect(device({ deviceType, origin, device: { collections } })).toBe(granted);
  });

  it('an origin is scheme and host', () => {
    expect(originOf('app://tandem/a/b?c')).toBe(ORIGIN);
    expect(originOf('file:///etc/passwd')).toBe('file://');
    expect(originOf(undefined)).toBeUndefined();
  });
});

describe('the wire to the page', () => {
  it('hears its own top frame with our page, and nobody else', () => {
    let hear: (event: object, message: unknown) => void = () => {};
    const ipc = {
      on: (channel: string, listener: typeof hear) => {
        expect(channel).toBe(BRIDGE_CHANNEL);
        hear = listener;
      },
      removeListener: () => {
        hear = () => {};
      },
    };
    const contents = { isDestroyed: () => false, send: () => {} };
    const heard: unknown[] = [];
    const stop = pageWire(ipc as never, contents as never, ORIGIN).receive((message) => heard.push(message));
    const top = { parent: null, url: `${ORIGIN}/index.html` };
    hear({ sender: contents, senderFrame: top }, 'ours');
    hear({ sender: contents, senderFrame: { parent: top, url: `${ORIGIN}/index.html` } }, 'from a frame in it');
    hear({ sender: contents, senderFrame: { parent: null, url: 'https://example.org/' } }, 'from another page');
    hear({ sender: contents, senderFrame: null }, 'from a frame that is gone');
    hear({ sender: {}, senderFrame: top }, 'from another window');
    stop();
    hear({ sender: contents, senderFrame: top }, 'too late');
    expect(heard).toEqual(['ours']);
  });

  it('posts nothing to a window that is gone', () => {
    const contents = {
      isDestroyed: () => true,
      send: () => {
        throw new Error('destroyed');
      },
    };
    expect(() => pageWire({} as never, contents as never, ORIGIN).post('x')).not.toThrow();
  });
});

describe('the network', () => {
  const address = (one: string, internal = false) => ({ address: one, internal }) as NetworkInterfaceInfo;

  it('counts as changed when an address comes or goes, or the computer wakes up', () => {
    let interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = {
      lo: [address('127.0.0.1', true)],
      eth: [address('192.0.2.1')],
    };
    let look = () => {};
    let wake = () => {};
    let changes = 0;
    const end = watchNetwork({
      interfaces: () => interfaces,
      onResume: (listener) => {
        wake = listener;
        return () => {
          wake = () => {};
        };
      },
      every: (_ms, work) => {
        look = work;
        return () => {
          look = () => {};
        };
      },
      changed: () => {
        changes += 1;
      },
    });
    look();
    expect(changes).toBe(0);
    interfaces = { ...interfaces, wifi: [address('192.0.2.9')] };
    look();
    look();
    expect(changes).toBe(1);
    // The same addresses in another order, and another loopback address, are no change.
    interfaces = { wifi: [address('192.0.2.9')], eth: [address('192.0.2.1')], lo: [address('127.0.0.2', true)] };
    look();
    expect(changes).toBe(1);
    wake();
    expect(changes).toBe(2);
    end();
    interfaces = {};
    look();
    wake();
    expect(changes).toBe(2);
  });
});

describe('closing', () => {
  function setUp(pageReady: Promise<void>) {
    const clock = new FakeClock();
    const log: string[] = [];
    const closed = closeInOrder({
      tellPage: () => log.push('page told'),
      pageReady,
      destroyWindow: () => log.push('window'),
      stopPhone: async () => void log.push('phone'),
      stopOffice: async () => void log.push('office'),
      after(ms, work) {
        const timer = clock.after(ms, work);
        return () => timer.cancel();
      },
    });
    return { clock, log, closed };
  }

  it('goes from the page to the exchange', async () => {
    const { log, closed, clock } = setUp(Promise.resolve());
    await closed;
    expect(log).toEqual(['page told', 'window', 'phone', 'office']);
    expect(clock.waiting).toBe(0);
  });

  it('does not wait for ever for a page that hangs', async () => {
    const { log, closed, clock } = setUp(new Promise(() => {}));
    expect(log).toEqual(['page told']);
    clock.advance(3_500);
    await closed;
    expect(log).toEqual(['page told', 'window', 'phone', 'office']);
  });
});
