import type { MenuItemConstructorOptions } from 'electron';
import { expect, it } from 'vitest';
import { trayMenu, trayTip } from '../../../../../app/main/desktop/tray-menu.ts';
import type { TrayFacts } from '../../../../../app/shared/desktop.ts';

const quiet: TrayFacts = { state: 'ready', words: 'Ready for calls', missed: 0, call: null, doNotDisturb: false };

function menuOf(more: Partial<TrayFacts>) {
  const pressed: unknown[] = [];
  const items = trayMenu(
    { ...quiet, ...more },
    { open: () => pressed.push('open'), quit: () => pressed.push('quit'), ask: (command) => pressed.push(command) },
  );
  const press = (label: string): unknown => {
    const item = items.find((one) => one.label === label);
    (item?.click as ((this: void) => void) | undefined)?.();
    return pressed.at(-1);
  };
  const labels = items.filter(({ type }) => type !== 'separator').map(({ label }) => label);
  return { items: items as readonly MenuItemConstructorOptions[], labels, press };
}

it('at rest opens, tells, disturbs no more and quits', () => {
  const { labels, press, items } = menuOf({});
  const quietly = ['Do not disturb for an hour', 'Do not disturb until tomorrow', 'Do not disturb'];
  expect(labels).toEqual(['Open Tandem', 'Ready for calls', ...quietly, 'Quit Tandem']);
  expect(items.find(({ label }) => label === 'Ready for calls')?.enabled).toBe(false);
  expect(press('Open Tandem')).toBe('open');
  for (const [index, time] of ['hour', 'tomorrow', 'open'].entries()) {
    expect(press(quietly[index] ?? '')).toEqual({ do: 'do-not-disturb', time });
  }
  expect(press('Quit Tandem')).toBe('quit');
  expect(menuOf({ doNotDisturb: true }).press('Take calls again')).toEqual({ do: 'do-not-disturb', time: 'off' });
  expect(menuOf({ doNotDisturb: null }).labels).not.toContain('Do not disturb');
});

it('takes a call that rings, and mutes and ends one that is on', () => {
  const call = { id: 'c1', rings: true, muted: false, talks: false };
  const ringing = menuOf({ call });
  expect(ringing.labels).toEqual(expect.arrayContaining(['Answer', 'Decline']));
  expect(ringing.labels).not.toContain('Hang up');
  expect(ringing.press('Answer')).toEqual({ do: 'answer', callId: 'c1' });
  expect(ringing.press('Decline')).toEqual({ do: 'decline', callId: 'c1' });
  const talking = menuOf({ call: { ...call, rings: false, talks: true } });
  expect(talking.press('Mute')).toEqual({ do: 'mute', callId: 'c1' });
  expect(talking.press('Hang up')).toEqual({ do: 'hang-up', callId: 'c1' });
  expect(menuOf({ call: { ...call, rings: false, talks: true, muted: true } }).press('Mute')).toEqual({
    ...{ do: 'unmute', callId: 'c1' },
  });
  // While it rings over there nobody hears us anyway.
  expect(menuOf({ call: { ...call, rings: false } }).labels).not.toContain('Mute');
});

it('leads to missed calls, and counts them at the pointer too', () => {
  expect(menuOf({ missed: 2 }).press('2 missed calls')).toEqual({ do: 'show', place: { view: 'recent' } });
  expect(trayTip({ ...quiet, missed: 1 })).toBe('Tandem\nReady for calls\n1 missed call');
  expect(trayTip({ ...quiet, words: '' })).toBe('Tandem');
});

it('shows a name as it is', () => {
  expect(menuOf({ words: 'In a call with Smith & Sons' }).labels).toContain('In a call with Smith && Sons');
});
