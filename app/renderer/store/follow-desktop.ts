/** Tells the tray and the system's notices what is going on, and does what was pressed there. */
import { t } from '@lingui/core/macro';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import { i18n } from '../../words/language.ts';
import { said } from '../../words/said.ts';
import type { DesktopStore } from './desktop-store.ts';
import type { HistoryStore } from './history-store.ts';
import type { MessageStore } from './message-store.ts';
import type { PhoneStore } from './phone-store.ts';
import { accountSettingsOf, type ProfileStore, profileOf } from './profile-store.ts';
import { quietFor, UNDISTURBED } from './quiet-times.ts';
import { trayFacts } from './small-windows.ts';
import type { CallSettings, DesktopCommand, Notice } from './types.ts';
import type { ViewStore } from './view-store.ts';
import type { Who } from './who.ts';
import { peerName } from './words.ts';

export interface DesktopParts {
  readonly bridge: Pick<Client<BridgeSchema>, 'desktop'>;
  readonly phone: PhoneStore;
  readonly profile: ProfileStore;
  readonly messages: MessageStore;
  readonly history: HistoryStore;
  readonly view: ViewStore;
  readonly desktop: DesktopStore;
  readonly who: Who;
}

/** Gives a way to let go. */
export function followDesktop(parts: DesktopParts): () => void {
  const { bridge, phone, profile, history, desktop } = parts;
  let told = '';

  const tell = (): void => {
    const { calls, accounts: snapshots } = phone.getState();
    const accounts = profileOf(profile.getState())?.accounts ?? [];
    const facts = trayFacts({ calls, snapshots, accounts, missed: history.getState().missed });
    const next = JSON.stringify(facts);
    if (next === told) return;
    told = next;
    // Told anew with the next change.
    bridge.desktop.tray(facts).catch(() => {});
  };
  const notify = (notice: Notice): void => {
    // What it tells of stands in the window too.
    const { window, settings } = desktop.getState();
    if (settings.notices && !window.focused) bridge.desktop.notify(notice).catch(() => {});
  };

  const releases = [
    phone.subscribe((state, before) => {
      if (state.missed !== before.missed) {
        for (const call of state.calls) {
          if (!state.missed.includes(call.id) || before.missed.includes(call.id)) continue;
          notify({ title: t`Missed call`, body: peerName(call), place: { view: 'recent' } });
        }
      }
      tell();
    }),
    tellOfMessages(parts, notify),
    profile.subscribe(tell),
    // What stands in the tray is in the language of the window.
    i18n.on('change', tell),
    history.subscribe((state, before) => {
      if (state.missed !== before.missed) tell();
    }),
    bridge.desktop.asked((command) => perform(command, parts)),
  ];
  tell();
  return () => {
    for (const release of releases) release();
  };
}

function tellOfMessages({ messages, who }: DesktopParts, notify: (notice: Notice) => void): () => void {
  let begun = false;
  return messages.subscribe((state, before) => {
    if (state.messages === before.messages) return;
    // Those that were kept are read at the start, all at once.
    const known = new Set(before.messages);
    const fresh = begun ? state.messages.filter((one) => !known.has(one)) : [];
    begun = true;
    for (const one of fresh) {
      if (one.direction !== 'in' || one.isRead) continue;
      const { accountId, peer, name, text } = one;
      const title = who({ number: peer })?.name || name || peer;
      notify({ title, body: text, place: { view: 'messages', accountId, peer } });
    }
  });
}

function perform(command: DesktopCommand, { phone, profile, messages, view }: DesktopParts): void {
  const { answer, decline, hangUp, setMuted } = phone.getState();
  switch (command.do) {
    case 'answer':
      answer(command.callId);
      break;
    case 'decline':
      decline(command.callId);
      break;
    case 'hang-up':
      hangUp(command.callId);
      break;
    case 'mute':
    case 'unmute':
      setMuted(command.callId, command.do === 'mute');
      break;
    case 'do-not-disturb':
      beQuiet(profile, command.time === 'off' ? UNDISTURBED : quietFor(command.time, Date.now()));
      break;
    case 'show': {
      const { place } = command;
      view.getState().show(place.view);
      if (place.view === 'messages') messages.getState().show({ accountId: place.accountId, peer: place.peer });
    }
  }
}

/** All accounts that are on. */
function beQuiet(profile: ProfileStore, quiet: Partial<CallSettings>): void {
  for (const account of profileOf(profile.getState())?.accounts ?? []) {
    if (!accountSettingsOf(account).enabled) continue;
    void profile
      .getState()
      .setCalls(account, quiet)
      .then((done) => {
        if (!done.ok) console.error(`Do not disturb was not kept: ${said(done.reason)}`);
      });
  }
}
