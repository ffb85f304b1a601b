/** What the menu of the tray offers, from what is going on. */
import { plural, t } from '@lingui/core/macro';
import type { MenuItemConstructorOptions } from 'electron';
import type { DesktopCommand, TrayFacts } from '../../shared/desktop.ts';

export interface TrayActions {
  open(): void;
  ask(command: DesktopCommand): void;
  quit(): void;
}

type Item = MenuItemConstructorOptions;

export function trayMenu({ words, call, missed, doNotDisturb }: TrayFacts, actions: TrayActions): Item[] {
  const line: Item = { type: 'separator' };
  const { open, ask, quit } = actions;
  return [
    { label: t`Open Tandem`, click: open },
    line,
    { label: literally(words), enabled: false },
    ...callItems(call, ask),
    ...(missed > 0
      ? [{ label: missedWords(missed), click: () => ask({ do: 'show', place: { view: 'recent' } }) }]
      : []),
    line,
    ...(doNotDisturb === null ? [] : [...quietItems(doNotDisturb, ask), line]),
    { label: t`Quit Tandem`, click: quit },
  ];
}

/** As in the menu of an account, for all of them. */
function quietItems(isQuiet: boolean, ask: TrayActions['ask']): Item[] {
  const item = (label: string, time: 'hour' | 'tomorrow' | 'open' | 'off'): Item => ({
    ...{ label, click: () => ask({ do: 'do-not-disturb', time }) },
  });
  if (isQuiet) return [item(t`Take calls again`, 'off')];
  return [
    item(t`Do not disturb for an hour`, 'hour'),
    item(t`Do not disturb until tomorrow`, 'tomorrow'),
    item(t`Do not disturb`, 'open'),
  ];
}

function callItems(call: TrayFacts['call'], ask: TrayActions['ask']): Item[] {
  if (call === null) return [];
  const { id: callId, rings, muted, talks } = call;
  if (rings) {
    return [
      { label: t`Answer`, click: () => ask({ do: 'answer', callId }) },
      { label: t`Decline`, click: () => ask({ do: 'decline', callId }) },
    ];
  }
  const mute: Item = {
    label: t`Mute`,
    type: 'checkbox',
    checked: muted,
    click: () => ask({ do: muted ? 'unmute' : 'mute', callId }),
  };
  return [...(talks ? [mute] : []), { label: t`Hang up`, click: () => ask({ do: 'hang-up', callId }) }];
}

/** What stands at the pointer. */
export const trayTip = ({ words, missed }: TrayFacts): string =>
  ['Tandem', words, missed > 0 ? missedWords(missed) : ''].filter(Boolean).join('\n');

const missedWords = (missed: number): string => plural(missed, { one: '# missed call', other: '# missed calls' });

/** Somebody's name may hold the sign that marks a key in menus. */
const literally = (text: string): string => text.replaceAll('&', '&&');
