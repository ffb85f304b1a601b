/**
 * Everything that can be set on this phone, as one list, from which the pages are made and in which the search looks:
 * whoever adds a setting adds a line here.
 */
import { t } from '@lingui/core/macro';
import { AppWindow, AtSign, Keyboard, Volume2 } from 'lucide-react';
import { CallSettingsForm } from '../account/call-settings-dialog.tsx';
import { ConnectionForm } from '../account/connection-dialog.tsx';
import { DiallingForm } from '../account/dialling-dialog.tsx';
import { LanguageSelect } from '../language/language-select.tsx';
import { Sources } from '../people/sources.tsx';
import { RecordingSettings } from '../sound/recording-settings.tsx';
import { SoundForm } from '../sound/sound-settings-dialog.tsx';
import { AccountPanel } from './account-panel.tsx';
import { callControls, connectionControls, desktopControls, diallingControls, soundControls } from './controls.ts';
import { DesktopSettings } from './desktop-settings.tsx';
import { HeadsetPanel } from './headset-panel.tsx';
import { KeysPanel } from './keys-panel.tsx';
import { LinksPanel } from './links-panel.tsx';
import { LookPanel } from './look-panel.tsx';
import type { Panel, Section } from './panel.ts';
import { StartPanel } from './start-panel.tsx';

/** In the order in which they stand beside the page. */
export const sections = (): readonly Section[] => [
  { id: 'general', name: t`This computer`, icon: AppWindow },
  { id: 'keys', name: t`Keys and buttons`, icon: Keyboard },
  { id: 'sound', name: t`Sound`, icon: Volume2 },
  { id: 'accounts', name: t`Accounts`, icon: AtSign },
];

export const panels = (): readonly Panel[] => [
  {
    id: 'language',
    section: 'general',
    name: t`Language`,
    words: t`locale, translation, English, Russian, Czech`,
    show: LanguageSelect,
  },
  {
    id: 'look',
    section: 'general',
    name: t`Look`,
    words: t`theme, appearance, colours, design`,
    controls: [
      { name: t`Light or dark`, words: t`theme, dark mode, night, bright` },
      { name: t`High contrast`, words: t`accessibility, sight, readable, eyes` },
    ],
    show: LookPanel,
  },
  {
    id: 'start',
    section: 'general',
    name: t`Start`,
    words: t`autostart, boot, startup`,
    controls: [{ name: t`Start when I log in`, words: t`autostart, boot, with the computer, login item` }],
    show: StartPanel,
  },
  {
    id: 'links',
    section: 'general',
    name: t`Links`,
    words: t`tel, sip, callto, click to call, browser, website, default program`,
    controls: [{ name: t`Open links to numbers in Tandem`, words: t`protocol, handler, URL, default application` }],
    show: LinksPanel,
  },
  {
    id: 'desktop',
    section: 'general',
    name: t`While the window is away`,
    words: t`tray, small window, background, minimise, close, quit`,
    controls: desktopControls(),
    show: DesktopSettings,
  },
  {
    id: 'keys',
    section: 'keys',
    name: t`Keys everywhere`,
    words: t`hotkey, shortcut, global key, keyboard, accelerator`,
    controls: [
      { name: t`Answer the call`, words: t`pick up, hotkey, shortcut` },
      { name: t`Hang up or decline`, words: t`end, reject, hotkey, shortcut` },
      { name: t`Mute the microphone`, words: t`silence, push to talk, hotkey, shortcut` },
      { name: t`Call the selected text`, words: t`click to call, dial, clipboard, selection, hotkey, shortcut` },
    ],
    show: KeysPanel,
  },
  {
    id: 'people',
    section: 'general',
    name: t`Address books and directories`,
    words: t`contacts, CardDAV, LDAP, Active Directory, Nextcloud, phone book, sync`,
    controls: [
      { name: t`Add address books…`, words: t`CardDAV, contacts on a server, cloud, sync` },
      { name: t`Add directory…`, words: t`LDAP, Active Directory, phone book of the company` },
    ],
    show: Sources,
  },
  {
    id: 'headset',
    section: 'keys',
    name: t`Buttons of headsets`,
    words: t`USB, Bluetooth, hook, mute button, LED, Jabra, Poly, Plantronics, EPOS`,
    controls: [{ name: t`Use the buttons of headsets`, words: t`hook switch, mute, answer, lamp` }],
    show: HeadsetPanel,
  },
  {
    id: 'sound',
    section: 'sound',
    name: t`Microphone, speaker and ringer`,
    words: t`headset, headphones, loudspeaker, audio, device, test`,
    controls: soundControls(),
    show: SoundForm,
  },
  {
    id: 'recording',
    section: 'sound',
    name: t`Recordings`,
    words: t`record, tape, file, folder, save`,
    controls: [
      { name: t`Recordings go to`, words: t`directory, path, where` },
      { name: t`Tell both sides of a recording`, words: t`beep, tone, consent, announce, law` },
    ],
    show: RecordingSettings,
  },
  {
    id: 'account',
    section: 'accounts',
    name: t`Signing in`,
    words: t`account, number, password, server, registrar, name, add, remove, log in, log out`,
    showOf: AccountPanel,
  },
  {
    id: 'calls',
    section: 'accounts',
    name: t`Calls`,
    words: t`calling, ringing, answering`,
    controls: callControls(),
    showOf: CallSettingsForm,
  },
  {
    id: 'dialling',
    section: 'accounts',
    name: t`Dialling`,
    words: t`dial plan, numbers, prefix, rewrite`,
    controls: diallingControls(),
    showOf: DiallingForm,
  },
  {
    id: 'connection',
    section: 'accounts',
    name: t`Connection`,
    words: t`network, server, transport, firewall`,
    controls: connectionControls(),
    showOf: ConnectionForm,
  },
];
