/**
 * The small windows: pages within the page, which opens and draws them itself (`window.open` with a name from the list).
 * This process says what they are: frameless, on top, without a way to the bridge, and whole on a screen. Only the keypad
 * takes the keyboard. They are shown when the page has drawn them and says how big they want to be.
 */
import { type BrowserWindow, type BrowserWindowConstructorOptions, nativeTheme, screen } from 'electron';
import * as v from 'valibot';
import { frameNameOf, SMALL_WINDOWS, type SmallWindow } from '../../shared/desktop.ts';
import { LOCKED_DOWN } from '../locked-down.ts';
import { type Area, cornerPlace, keptInside, type Point, sizeWithin, topPlace } from './placement.ts';

const length = v.pipe(v.number(), v.minValue(0), v.maxValue(10_000));
const fitShape = v.object({ which: v.picklist(SMALL_WINDOWS), width: length, height: length });
const pixel = v.pipe(v.number(), v.minValue(-100_000), v.maxValue(100_000));
const moveShape = v.object({ x: pixel, y: pixel, done: v.boolean() });

export interface SmallWindows {
  /** From the page: anything at all. It has drawn the window, in this size. */
  fit(args: unknown): void;
  /** Moves the bar; `done` where the person has let go of it. */
  move(args: unknown): void;
  /** Screens came, went or changed. */
  screensChanged(): void;
}

export interface SmallWindowPorts {
  /** Where the bar was left. */
  readonly bar: () => Point | undefined;
  readonly moved: (bar: Point) => void;
}

export function allowSmallWindows(main: BrowserWindow, { bar, moved }: SmallWindowPorts): SmallWindows {
  const open = new Map<SmallWindow, BrowserWindow>();

  main.webContents.setWindowOpenHandler(({ url, frameName }) => {
    const which = SMALL_WINDOWS.find((one) => frameNameOf(one) === frameName);
    // A page of its own, or one that is not drawn by ours, is none of them.
    if (url !== 'about:blank' || which === undefined) return { action: 'deny' };
    return { action: 'allow', overrideBrowserWindowOptions: optionsOf(which === 'keypad') };
  });
  main.webContents.on('did-create-window', (made, { frameName }) => {
    const which = SMALL_WINDOWS.find((one) => frameNameOf(one) === frameName);
    if (which === undefined) return made.destroy();
    open.get(which)?.destroy();
    open.set(which, made);
    made.setAlwaysOnTop(true, which === 'incoming' ? 'pop-up-menu' : 'floating');
    made.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true, skipTransformProcessType: true });
    made.on('closed', () => {
      if (open.get(which) === made) open.delete(which);
    });
    made.webContents.on('render-process-gone', () => made.destroy());
  });
  // A page that is loaded again knows nothing of the windows that it had.
  main.webContents.on('did-navigate', () => {
    for (const one of open.values()) one.destroy();
  });

  const areas = (): readonly Area[] => screen.getAllDisplays().map(({ workArea }) => workArea);
  const areaAt = (point: Point): Area => screen.getDisplayNearestPoint(point).workArea;

  /** One that is seen stays where it is, as far as it fits there. */
  function placeOf(which: SmallWindow, window: BrowserWindow, wanted: { width: number; height: number }): Area {
    if (window.isVisible()) {
      const now = window.getBounds();
      const area = screen.getDisplayMatching(now).workArea;
      const size = sizeWithin(wanted, area);
      return which === 'incoming'
        ? cornerPlace(size, area, process.platform)
        : keptInside({ ...now, ...size }, areas());
    }
    if (which === 'incoming') {
      const area = areaAt(screen.getCursorScreenPoint());
      return cornerPlace(sizeWithin(wanted, area), area, process.platform);
    }
    const left = bar();
    const area = left === undefined ? screen.getDisplayMatching(main.getBounds()).workArea : areaAt(left);
    const size = sizeWithin(wanted, area);
    return left === undefined ? topPlace(size, area) : keptInside({ ...left, ...size }, areas());
  }

  return {
    fit(args) {
      const { which, ...wanted } = v.parse(fitShape, args);
      const window = open.get(which);
      if (window === undefined || window.isDestroyed()) return;
      window.setBounds(placeOf(which, window, wanted));
      if (window.isVisible()) return;
      if (which !== 'keypad') return window.showInactive();
      window.show();
      window.focus();
    },
    move(args) {
      const { x, y, done } = v.parse(moveShape, args);
      const window = open.get('keypad') ?? open.get('bar');
      if (window === undefined || window.isDestroyed()) return;
      const place = keptInside({ ...window.getBounds(), x, y }, areas());
      window.setBounds(place);
      if (done) moved({ x: place.x, y: place.y });
    },
    screensChanged() {
      for (const window of open.values())
        if (window.isVisible()) window.setBounds(keptInside(window.getBounds(), areas()));
    },
  };
}

function optionsOf(focusable: boolean): BrowserWindowConstructorOptions {
  return {
    ...{ show: false, frame: false, focusable, alwaysOnTop: true, skipTaskbar: true, acceptFirstMouse: true },
    ...{ resizable: false, minimizable: false, maximizable: false, fullscreenable: false },
    // On macOS only panels come over a program that fills the screen.
    ...(process.platform === 'darwin' && { type: 'panel' }),
    title: 'Tandem',
    width: 360,
    height: 120,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#1c201e' : '#ffffff',
    webPreferences: {
      // Drawn by the page that opened it, which has the bridge; it has none of its own.
      preload: '',
      ...LOCKED_DOWN,
      backgroundThrottling: false,
    },
  };
}
