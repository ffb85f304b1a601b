/** Links on their way: from the system to this program, and from it to the page. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDialInbox } from '../../../../../app/main/computer/dial-inbox.ts';
import { gatherLinks } from '../../../../../app/main/computer/follow-links.ts';
import { createLinkHandler } from '../../../../../app/main/computer/link-handler.ts';

describe('the program that runs', () => {
  type Listener = (...args: unknown[]) => void;
  const begin = (first?: string) => {
    const listeners = new Map<string, Listener>();
    const links = gatherLinks(
      { on: (name: string, listener: Listener) => listeners.set(name, listener) } as never,
      first,
    );
    const heard: string[] = [];
    const follow = () => links.follow({ open: (link) => heard.push(link), show: () => heard.push('shown') });
    const second = (more: unknown) => listeners.get('second-instance')?.({}, [], '', more);
    const event = (link: string) => listeners.get('open-url')?.({ preventDefault: () => {} }, link);
    return { heard, follow, second, event };
  };

  it('opens the link of its own start, of a second one, and of an event', () => {
    const { heard, follow, second, event } = begin('tel:1');
    follow();
    second({ link: 'tel:2' });
    event('tel:3');
    expect(heard).toEqual(['tel:1', 'tel:2', 'tel:3']);
  });

  it('keeps the last link until it is ready for one', () => {
    const { heard, follow, second, event } = begin('tel:1');
    event('tel:2');
    second({ link: 'tel:3' });
    follow();
    expect(heard).toEqual(['tel:3']);
  });

  it.each([undefined, null, {}, { link: '' }, { link: 7 }])('shows the window where a second start says %j', (more) => {
    const { heard, follow, second } = begin();
    follow();
    second(more);
    expect(heard).toEqual(['shown']);
  });
});

describe('the way to the page', () => {
  const begin = () => {
    const told: unknown[] = [];
    const tell = { changed: () => {}, dial: (wish: unknown) => told.push(wish), key: () => {} };
    return { told, inbox: createDialInbox({ show: () => told.push('shown'), tell }) };
  };

  it('waits for the page, and only the last link is shown then', () => {
    const { told, inbox } = begin();
    inbox.openLink('tel:1001');
    inbox.openLink('tel:1002');
    expect(told).toEqual([]);
    inbox.pageReady();
    inbox.pageReady();
    expect(told).toEqual(['shown', { text: '1002' }]);
  });

  it('shows what is selected, or why that cannot be', async () => {
    const { told, inbox } = begin();
    inbox.pageReady();
    for (const text of [Promise.resolve(' 221 000 007\n'), Promise.resolve('  '), Promise.reject(new Error('no'))]) {
      inbox.openText(text);
    }
    inbox.openText(Promise.resolve('1'.repeat(70_000)));
    await vi.waitFor(() => expect(told.filter((one) => one !== 'shown')).toHaveLength(4));
    const reasons = told.filter((one) => typeof one === 'object' && one !== null && 'reason' in one);
    expect(told).toContainEqual({ selected: '221 000 007' });
    expect(JSON.stringify(reasons)).toMatch(/Nothing is selected.*Nothing is selected|Nothing.*too long/);
    expect(JSON.stringify(reasons)).toContain('too long');
  });

  it('offers to join an office by the link of a code, and by nothing else of our own', () => {
    const { told, inbox } = begin();
    inbox.pageReady();
    inbox.openLink('tandem:join?code=K7M4QP9XT&office=a.example');
    inbox.openLink('tandem:call?1002');
    expect(told).toEqual([
      'shown',
      { join: 'tandem:join?code=K7M4QP9XT&office=a.example' },
      'shown',
      { reason: 'The link has no code of an office in it.' },
    ]);
  });

  it('shows why a link is refused', () => {
    const { told, inbox } = begin();
    inbox.pageReady();
    inbox.openLink('sip:1002@office.example?Subject=x');
    expect(told).toEqual(['shown', { reason: expect.stringContaining('wants more') }]);
  });
});

describe('on Linux', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tandem-links-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const begin = (fails = false) => {
    const chosen = new Map<string, string>();
    const handler = createLinkHandler({
      ...{ platform: 'linux', app: {} as never, dataFolder: folder },
      start: { program: '/opt/tandem', words: ['--data=/home/ada/two'], suffix: '-ab' },
      async run(program, [what = '', ...words]) {
        if (program !== 'xdg-mime' || fails) throw new Error('not there');
        if (what === 'query') return `${chosen.get(words[1] ?? '') ?? ''}\n`;
        for (const type of words.slice(1)) chosen.set(type, words[0] ?? '');
        return '';
      },
    });
    return { handler, chosen };
  };
  const file = () => join(folder, 'applications', 'tandem-links-ab.desktop');

  it('is told to the desktop by a file and xdg-mime, and taken back', async () => {
    const { handler, chosen } = begin();
    expect(await handler.isOn()).toBe(false);
    expect(await handler.set(true)).toEqual({ ok: true, value: undefined });
    expect([...chosen.keys()].map((type) => type.replace('x-scheme-handler/', ''))).toEqual([
      'tel',
      'sip',
      'sips',
      'callto',
      'tandem',
    ]);
    expect(readFileSync(file(), 'utf8')).toContain('Exec="/opt/tandem" "--data=/home/ada/two" %u\n');
    expect(await handler.isOn()).toBe(true);
    chosen.set('x-scheme-handler/tel', 'other.desktop');
    expect(await handler.isOn()).toBe(false);
    await handler.set(false);
    expect(existsSync(file())).toBe(false);
  });

  it('says what is missing', async () => {
    expect(await begin(true).handler.set(true)).toEqual({ ok: false, reason: expect.stringContaining('xdg-utils') });
  });
});

it.each([true, false])('elsewhere the system is asked for each kind of link: it follows %s', async (follows) => {
  const own = new Set<string>();
  const handler = createLinkHandler({
    ...{ platform: 'darwin', dataFolder: '', run: () => Promise.reject(new Error('none')) },
    start: { program: '/Applications/Tandem', words: [], suffix: '' },
    app: {
      isDefaultProtocolClient: (scheme) => own.has(scheme),
      setAsDefaultProtocolClient(scheme) {
        if (follows) own.add(scheme);
        return follows;
      },
      removeAsDefaultProtocolClient: (scheme) => own.delete(scheme),
    },
  });
  expect((await handler.set(true)).ok).toBe(follows);
  expect(own.size).toBe(follows ? 5 : 0);
  expect((await handler.set(false)).ok).toBe(true);
  expect(await handler.isOn()).toBe(false);
});
