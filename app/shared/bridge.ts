/**
 * The one contract between the window and the main process: what the page may ask for and what it is told.
 * The page never names an address to send bytes to; it names an account, and the services decide.
 */
import type { AccountSettings } from './account-settings.ts';
import type { BooksSignedIn, BooksSignIn, BooksView } from './address-books.ts';
import type { CallSettings } from './call-settings.ts';
import type { CodecSettings } from './codec-settings.ts';
import type { ComputerSettings, ComputerState, DialWish, KeyDeed } from './computer.ts';
import type { TrustedCertificate } from './connection-settings.ts';
import type { Contact, ContactChange, ContactNews } from './contact.ts';
import type { DesktopCommand, DesktopSettings, DesktopState, Notice, SmallWindow, TrayFacts } from './desktop.ts';
import type { Dialling } from './dialling.ts';
import type { DirectorySignIn, DirectoryView } from './directories.ts';
import type { HistoryFilter, HistoryQuestion, PastCall } from './history.ts';
import type { FoundOffice } from './join-link.ts';
import type { Language, LanguageChoice } from './language.ts';
import type { OfficeQuestion, RecordFilter, WatchEvent, WebhookChange } from './office-admin.ts';
import type { MadeBackup, ReadBackup } from './office-backup.ts';
import type { RecordingFacts } from './recordings.ts';
import { call, event } from './schema.ts';
import type { SoundSettings } from './sound-settings.ts';
import type { SteerCommand, SteerReply } from './steering.ts';
import type { TextMessage } from './text-message.ts';
import type { WatchedPerson } from './watched-person.ts';

/** How a person signs in. The password is not part of it: it goes to `signIn` once and never comes back. */
export interface Account {
  readonly id: string;
  /** User part of the address of record, such as `1001`. */
  readonly number: string;
  /** Shown to the people called; empty means the number alone. */
  readonly displayName: string;
  /** Registrar as typed: `host`, `host:port` or `sip:host:port;transport=tcp`. */
  readonly server: string;
  /** Outbound proxies as typed (same notations), in order and with commas between them, or empty. */
  readonly outboundProxy: string;
  /** How it is used here, where that is not the usual way. */
  readonly settings?: Partial<AccountSettings>;
  /** Its own codecs, where they are not those of all accounts. */
  readonly codecs?: CodecSettings;
  /** How it makes and takes calls, where that is not the usual way. */
  readonly calls?: Partial<CallSettings>;
  /** How it dials, where that is not as typed. */
  readonly dialling?: Dialling;
  /** Whose lamps it shows. */
  readonly people?: readonly WatchedPerson[];
  /** Certificates of its servers that the person trusts although nobody known vouches for them. */
  readonly trusted?: readonly TrustedCertificate[];
}

/** Where the password is kept. `asked` means it is forgotten when the program ends. */
export type SecretStorage = 'keychain' | 'asked';

export interface Profile {
  /** The first of those that are on is the one by which calls go where no other is chosen. */
  readonly accounts: readonly Account[];
  /** Of accounts without their own. */
  readonly codecs: CodecSettings;
  /** Whether safeStorage works on this computer; where it does not, the person is told and asked again next time. */
  readonly secrets: SecretStorage;
  /** What a declined caller may be told, as the person wrote it; absent for the usual texts. */
  readonly replies?: readonly string[];
  /** What became of the password of each account that is known on this computer. */
  readonly hasPassword: Readonly<Record<string, boolean>>;
  /** This run was started to answer every call by itself, whatever the accounts say. */
  readonly autoAnswer?: true;
  /** How this computer is called on its network, where main tells. */
  readonly computer?: string;
}

/** Who one has become by a code. */
export interface Joined {
  readonly accountId: string;
  readonly number: string;
  readonly name: string;
}

export type OfficeState =
  | { readonly state: 'off' }
  | { readonly state: 'starting' }
  | {
      readonly state: 'on';
      readonly domain: string;
      /** Such as `udp://192.0.2.10:5060`. */
      readonly listeners: readonly string[];
      /** What a phone on this computer types as its server, such as `127.0.0.1:5060`. */
      readonly server: string;
    }
  /** `reason` is one clear sentence for a person. */
  | { readonly state: 'failed'; readonly reason: string };

/** The answer of a call that a person may get wrong: never an exception for a mistyped field. */
export type Outcome<T = undefined> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

export const bridgeSchema = {
  profile: {
    get: call<void, Profile>(),
    changed: event<Profile>(),
    /** Stores the account, and its password unless that is null: then the one that is known stays. */
    signIn: call<{ account: Account; password: string | null }, Outcome>(),
    /** How an account is used from now on: each setting that differs from the usual. */
    setSettings: call<{ accountId: string; settings: Partial<AccountSettings> }, Outcome>(),
    /** The codecs of all accounts, or of the one that is named; null lets that one have those of all again. */
    setCodecs: call<{ accountId: string | null; codecs: CodecSettings | null }, Outcome>(),
    /** What a declined caller may be told; null for the usual texts. */
    setReplies: call<{ replies: readonly string[] | null }, Outcome>(),
    /** Calls go by this account from now on where no other is chosen. */
    setDefault: call<{ accountId: string }, Outcome>(),
    signOut: call<{ accountId: string }, Outcome>(),
    /** How an account makes and takes calls from now on: each setting that differs from the usual. */
    setCalls: call<{ accountId: string; calls: Partial<CallSettings> }, Outcome>(),
    /** The country of an account and its rules for dialling from now on. */
    setDialling: call<{ accountId: string; dialling: Dialling }, Outcome>(),
    /** Whose lamps an account shows from now on. */
    setPeople: call<{ accountId: string; people: readonly WatchedPerson[] }, Outcome>(),
    /** The certificates that an account trusts from now on. */
    setTrusted: call<{ accountId: string; trusted: readonly TrustedCertificate[] }, Outcome>(),
    /** The password of an account's TURN server, which only the phone service learns; empty forgets it. */
    setRelayPassword: call<{ accountId: string; password: string }, Outcome>(),
    /**
     * The digest secret of an account, for the user agent in this window, which answers challenges itself.
     * Null when it is not known and must be asked for.
     */
    password: call<{ accountId: string }, string | null>(),
  },
  joining: {
    /** The offices found on this network until now; asked again and again, others are looked for. */
    offices: call<void, readonly FoundOffice[]>(),
    /**
     * Takes a code, or the link of one, to the office at `server`, where the link does not say it itself, and signs in with
     * what it gives.
     */
    join: call<{ text: string; server: string }, Outcome<Joined>>(),
  },
  language: {
    get: call<void, LanguageChoice>(),
    /** Null: as the system. */
    set: call<{ chosen: Language | null }, Outcome>(),
  },
  messages: {
    /** Of all accounts, the oldest first. */
    list: call<void, Outcome<readonly TextMessage[]>>(),
    /**
     * Keeps a message, on disk once this is answered: a new one, or one of ours of which more is known. Gives whether
     * anything is different from before; one that came is kept once.
     */
    keep: call<TextMessage, Outcome<boolean>>(),
    /** Those of a conversation are read. */
    read: call<{ accountId: string; peer: string }, Outcome>(),
    /** Deletes a conversation. */
    forget: call<{ accountId: string; peer: string }, Outcome>(),
  },
  office: {
    get: call<void, OfficeState>(),
    changed: event<OfficeState>(),
    start: call<void, Outcome>(),
    stop: call<void, Outcome>(),
    /** Asks the exchange's administration. */
    ask: call<OfficeQuestion, Outcome<unknown>>(),
    /** Watches a listing, by the number that is given back; what is there already is not told. */
    watch: call<OfficeQuestion, Outcome<number>>(),
    /** Waits for what a watch has to tell; empty once it has ended. */
    next: call<{ watch: number }, Outcome<readonly WatchEvent<unknown>[]>>(),
    unwatch: call<{ watch: number }, Outcome>(),
    /** Asks the person for a file and writes call records to it as CSV; gives how many, null where no file was named. */
    exportRecords: call<RecordFilter, Outcome<number | null>>(),
    /** Adds the users of a CSV file, all or none; gives how many. */
    importUsers: call<{ csv: string }, Outcome<number>>(),
    /** Asks the person for a file and writes all users to it; gives how many, null where no file was named. */
    exportUsers: call<void, Outcome<number | null>>(),
    /** Asks the person, and says who is told of each call that ends; gives whether it was done. */
    setWebhook: call<WebhookChange, Outcome<boolean>>(),
    /** Asks the person for a file and writes the whole office into it; null where no file was named. */
    backUp: call<void, Outcome<MadeBackup | null>>(),
    /** Asks the person for a backup and tells what it would change; null where none was named. */
    readBackup: call<void, Outcome<ReadBackup | null>>(),
    /** Has the backup that was read last take the place of the office, which stops and comes back meanwhile. */
    restore: call<void, Outcome<ReadBackup>>(),
  },
  history: {
    /** Newest first, a page at a time. */
    list: call<HistoryQuestion, Outcome<readonly PastCall[]>>(),
    /** How many calls a filter leaves. */
    count: call<HistoryFilter, Outcome<number>>(),
    /** Missed calls that nobody has looked at. */
    missed: call<void, Outcome<number>>(),
    /** All missed calls were looked at. */
    seen: call<void, Outcome>(),
    /** Keeps a call that is over. */
    add: call<PastCall, Outcome>(),
    /** Removes a call, or all (null); gives a number by which this can be undone, until the next removal. */
    remove: call<string | null, Outcome<number>>(),
    undo: call<number, Outcome>(),
    /** What was removed is to be gone for good. */
    settle: call<void, Outcome>(),
    changed: event<void>(),
  },
  contacts: {
    /** A list of `Contact` as JSON: a hundred thousand objects would take seconds from the preload script to the page. */
    list: call<void, Outcome<string>>(),
    changed: event<ContactNews>(),
    /**
     * Adds, changes and removes contacts of one's own, all or none, or one of an address book, where its server takes it;
     * gives a number by which this can be undone.
     */
    change: call<ContactChange, Outcome<number>>(),
    /** Puts back what the last change changed. */
    undo: call<number, Outcome>(),
    favourite: call<{ id: string; favourite: boolean }, Outcome>(),
    /** Small pictures as `data:` addresses, by id. */
    photos: call<readonly string[], Outcome<Readonly<Record<string, string>>>>(),
  },
  computer: {
    get: call<void, ComputerState>(),
    changed: event<ComputerState>(),
    set: call<Partial<ComputerSettings>, Outcome>(),
    startWithSystem: call<{ on: boolean }, Outcome>(),
    openLinks: call<{ on: boolean }, Outcome>(),
    /** A link was opened: it is shown whom it means, and nobody is called. */
    dial: event<DialWish>(),
    /** A key was pressed, in whatever program. */
    key: event<Exclude<KeyDeed, 'callSelected'>>(),
  },
  /** Address books on servers. */
  books: {
    list: call<void, readonly BooksView[]>(),
    changed: event<readonly BooksView[]>(),
    /** Looks for the address books there, and keeps them in step from then on; or signs in anew. */
    signIn: call<BooksSignIn, BooksSignedIn>(),
    /** Whether this one is wanted here. */
    use: call<{ book: string; used: boolean }, Outcome>(),
    /** Looks now for what is different. */
    sync: call<{ id: string }, Outcome>(),
    /** Takes a server away from here with all that came from it; there everything stays. */
    remove: call<{ id: string }, Outcome>(),
  },
  /** Directories (LDAP), asked all at once; one that does not answer says why in its view. */
  directories: {
    list: call<void, readonly DirectoryView[]>(),
    changed: event<readonly DirectoryView[]>(),
    /** Tries it, and uses it from then on; or changes one. */
    signIn: call<DirectorySignIn, BooksSignedIn>(),
    remove: call<{ id: string }, Outcome>(),
    /** People by what was typed of a name or a number; their `source` is the directory. */
    search: call<string, Outcome<readonly Contact[]>>(),
    /** People who may have that number. */
    byNumber: call<string, Outcome<readonly Contact[]>>(),
  },
  sound: {
    get: call<void, SoundSettings>(),
    set: call<SoundSettings, Outcome>(),
  },
  recordings: {
    /** Opens a file; `who` is whom it is of, for its name. */
    begin: call<{ who: string }, Outcome<{ id: string; name: string }>>(),
    /** The next piece; refused at once where the disk is full. */
    write: call<{ id: string; data: Uint8Array }, Outcome>(),
    /** Closes the file and reads it again. */
    end: call<{ id: string }, Outcome<RecordingFacts>>(),
    /** Shows it in its folder. */
    show: call<{ id: string }, Outcome>(),
    /** Plays it in the program that the computer has for it; shows it in its folder where there is none. */
    play: call<{ id: string }, Outcome>(),
    folder: call<void, string>(),
    /** Asks the person for another folder; gives the one that is used then. */
    chooseFolder: call<void, Outcome<string>>(),
  },
  desktop: {
    get: call<void, DesktopState>(),
    /** The main window got or lost the keyboard, was hidden or shown; a tray was found; settings are others. */
    changed: event<DesktopState>(),
    set: call<DesktopSettings, Outcome>(),
    /** Brings the main window to the front, with the keyboard. */
    open: call<void, void>(),
    /** A small window is drawn, so big: it is placed, and shown without taking the keyboard. */
    fit: call<{ which: SmallWindow; width: number; height: number }, void>(),
    /** Moves the call bar, in px of all screens together; `done` once the person lets go of it. */
    move: call<{ x: number; y: number; done: boolean }, void>(),
    tray: call<TrayFacts, void>(),
    /** Has the system tell of something, unless the main window has the keyboard. */
    notify: call<Notice, void>(),
    /** A person pressed something in the tray or on a notice. */
    asked: event<DesktopCommand>(),
  },
  system: {
    /** The computer woke up or its network changed: register again at once. */
    networkChanged: event<void>(),
    /** The phone service was restarted; a new port to it arrives by itself. */
    phoneServiceRestarted: event<void>(),
    /** Asked by the page once it listens: the port to the phone service arrives as a message of the window. */
    phonePort: call<void, void>(),
    /** The window is about to close: end calls, sign off, then call `readyToClose`. It closes soon in any case. */
    closing: event<void>(),
    readyToClose: call<void, void>(),
    /** Has the taskbar or the dock say that a call comes in. */
    attention: call<{ reason: 'incoming-call' | 'none' }, void>(),
    microphone: call<void, 'granted' | 'denied' | 'unknown'>(),
    /** Asks the person where to write this file; gives whether it was written. */
    saveFile: call<{ name: string; content: string | Uint8Array }, Outcome<boolean>>(),
    /** Prints the page that is laid out for paper, or saves it as a file where the person says; gives whether it did. */
    print: call<{ as: 'paper' | 'pdf'; name: string }, Outcome<boolean>>(),
    /** A script wants something of this phone; the page does it and answers `steered` with the same number. */
    steer: event<{ id: number; command: SteerCommand }>(),
    steered: call<{ id: number; reply: SteerReply }, void>(),
    version: call<void, { tandem: string; electron: string; chrome: string }>(),
  },
} as const;

export type BridgeSchema = typeof bridgeSchema;
