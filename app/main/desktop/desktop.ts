/** The phone outside of its window: small windows, tray and notices, joined to the page that tells what is to be shown. */
import { t } from '@lingui/core/macro';
import { app, type BrowserWindow, dialog, screen } from 'electron';
import * as v from 'valibot';
import type { BridgeSchema, Outcome } from '../../shared/bridge.ts';
import { type DesktopState, type MainWindow, TRAY_STATES } from '../../shared/desktop.ts';
import type { Emitters, Handlers } from '../../shared/schema.ts';
import { bringToFront } from '../window-life.ts';
import type { DesktopStore } from './desktop-store.ts';
import { createNotices } from './notices.ts';
import { allowSmallWindows } from './small-windows.ts';
import { createTraySign } from './tray.ts';

const line = (max: number) =>
  v.pipe(
    v.string(),
    v.transform((text) => text.replace(/\p{Cc}+/gu, ' ').slice(0, max)),
  );
const id = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const factsShape = v.object({
  state: v.picklist(TRAY_STATES),
  words: line(200),
  missed: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100_000)),
  call: v.nullable(v.object({ id, rings: v.boolean(), muted: v.boolean(), talks: v.boolean() })),
  doNotDisturb: v.nullable(v.boolean()),
});
const noticeShape = v.object({
  title: line(200),
  body: line(300),
  place: v.variant('view', [
    v.object({ view: v.literal('recent') }),
    v.object({ view: v.literal('messages'), accountId: id, peer: v.pipe(v.string(), v.maxLength(500)) }),
  ]),
});

export interface Desktop {
  readonly requests: Handlers<BridgeSchema>['desktop'];
  /** The person closes the main window: hides it and gives true where the phone stays in the tray. */
  staysInTray(): Promise<boolean>;
  /** There is a tray, and the person wants the phone to stay there without its window. */
  mayHide(): Promise<boolean>;
  close(): void;
}

export interface DesktopPorts {
  readonly store: DesktopStore;
  readonly window: BrowserWindow;
  readonly tell: Emitters<BridgeSchema>['desktop'];
}

export function createDesktop({ store, window, tell }: DesktopPorts): Desktop {
  const open = (): void => bringToFront(window);
  const small = allowSmallWindows(window, {
    bar: () => store.bar,
    moved: (bar) => void store.remember({ bar }),
  });
  const notices = createNotices((place) => {
    open();
    if (place !== null) tell.asked({ do: 'show', place });
  });
  const tray = createTraySign({
    window,
    actions: {
      open,
      quit: () => app.quit(),
      ask(command) {
        if (command.do === 'show') open();
        tell.asked(command);
      },
    },
    first: { state: 'offline', words: '', missed: 0, call: null, doNotDisturb: null },
  });
  void tray.look().then(() => tell.changed(state()));

  const windowNow = (): MainWindow => ({
    focused: window.isFocused(),
    seen: window.isVisible() && !window.isMinimized(),
  });
  const state = (): DesktopState => ({ window: windowNow(), hasTray: tray.isThere, settings: store.settings });
  const windowChanged = (): void => {
    if (!window.isDestroyed()) tell.changed(state());
  };
  for (const event of ['focus', 'blur', 'show', 'hide', 'minimize', 'restore'] as const) {
    window.on(event as 'focus', windowChanged);
  }
  for (const event of ['display-added', 'display-removed', 'display-metrics-changed'] as const) {
    screen.on(event as 'display-added', () => small.screensChanged());
  }
  // The dock of macOS is where a hidden window is looked for.
  app.on('activate', open);

  async function tellOfTray(): Promise<void> {
    if (store.toldOfTray) return;
    const title = t`Tandem goes on in the tray`;
    const body = t`Calls still reach you. To end Tandem, choose Quit in the menu of its sign there.`;
    if (!notices.tell({ title, body, place: null })) {
      await dialog.showMessageBox({ type: 'info', title: 'Tandem', message: title, detail: body });
    }
    await store.remember({ toldOfTray: true });
  }

  const mayHide = async (): Promise<boolean> => store.settings.staysInTray && (await tray.look());

  return {
    requests: {
      get: state,
      async set(args): Promise<Outcome> {
        const outcome = await store.set(args);
        tell.changed(state());
        return outcome;
      },
      open,
      fit: (args) => small.fit(args),
      move: (args) => small.move(args),
      tray: (args) => tray.show(v.parse(factsShape, args)),
      notify(args) {
        if (store.settings.notices && !window.isFocused()) notices.tell(v.parse(noticeShape, args));
      },
    },
    mayHide,
    async staysInTray() {
      if (!(await mayHide()) || window.isDestroyed()) return false;
      window.hide();
      void tellOfTray();
      return true;
    },
    close() {
      notices.close();
      tray.close();
    },
  };
}
