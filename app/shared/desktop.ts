/** What the page and the main process tell each other of the desktop: the small windows, the tray, notices. */

/**
 * `incoming`: who calls, while the main window has not the keyboard. `bar`: the call that is on, while it is away;
 * `keypad`: the bar with its keys, which a person opened to type there.
 */
export const SMALL_WINDOWS = ['incoming', 'bar', 'keypad'] as const;
export type SmallWindow = (typeof SMALL_WINDOWS)[number];

/** The name of its frame, by which the main process lets the page open it. */
export const frameNameOf = (which: SmallWindow): string => `tandem-${which}`;

export interface MainWindow {
  /** It has the keyboard. */
  readonly focused: boolean;
  /** It is neither hidden nor minimised; others may lie over it. */
  readonly seen: boolean;
}

export interface DesktopSettings {
  /** A bar with the call, on top of other programs, while the main window is away. */
  readonly callBar: boolean;
  /** Closing the main window leaves the phone in the tray, where there is one. */
  readonly staysInTray: boolean;
  /** The system tells of missed calls and messages while the main window is away. */
  readonly notices: boolean;
}

export const desktopDefaults: DesktopSettings = { callBar: true, staysInTray: true, notices: true };

export interface DesktopState {
  readonly window: MainWindow;
  readonly hasTray: boolean;
  readonly settings: DesktopSettings;
}

export const TRAY_STATES = ['ready', 'offline', 'do-not-disturb', 'ringing', 'in-call'] as const;
export type TrayState = (typeof TRAY_STATES)[number];

/** What the tray shows. */
export interface TrayFacts {
  readonly state: TrayState;
  /** What is going on, in one line. */
  readonly words: string;
  /** Calls that were missed and not looked at. */
  readonly missed: number;
  /** The call that its buttons are for. */
  readonly call: {
    readonly id: string;
    readonly rings: boolean;
    readonly muted: boolean;
    readonly talks: boolean;
  } | null;
  /** Null where there is no account that could be disturbed. */
  readonly doNotDisturb: boolean | null;
}

/** Where a notice leads. */
export type NoticePlace =
  | { readonly view: 'recent' }
  | { readonly view: 'messages'; readonly accountId: string; readonly peer: string };

export interface Notice {
  readonly title: string;
  readonly body: string;
  readonly place: NoticePlace;
}

/** What a person wants who pressed something outside of the page. */
export type DesktopCommand =
  | { readonly do: 'answer' | 'decline' | 'hang-up' | 'mute' | 'unmute'; readonly callId: string }
  /** `open`: until it is switched off. */
  | { readonly do: 'do-not-disturb'; readonly time: 'hour' | 'tomorrow' | 'open' | 'off' }
  | { readonly do: 'show'; readonly place: NoticePlace };
