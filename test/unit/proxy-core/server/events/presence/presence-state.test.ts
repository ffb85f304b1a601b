import { describe, expect, test } from 'vitest';
import { composePresence, type SeenUser } from '../../../../../../proxy-core/server/events/presence/presence-state.ts';
import type { PublishedPresence } from '../../../../../../proxy-core/sip/bodies/pidf.ts';

const away: SeenUser = { isRegistered: false, isInCall: false, isRinging: false, isDoNotDisturb: false, published: [] };
const here: SeenUser = { ...away, isRegistered: true };
const says = (parts: Partial<PublishedPresence>): PublishedPresence => ({
  ...{ isOpen: true, activities: [], note: '', ...parts },
});

describe('the lamp of a user', () => {
  test.each<[string, Partial<SeenUser>, string]>([
    ['no phone', away, 'offline'],
    ['a phone', here, 'available'],
    ['a phone in a call', { ...here, isInCall: true }, 'in-call'],
    ['a call that goes on though its phone is not registered', { ...away, isInCall: true }, 'in-call'],
    ['a phone that rings', { ...here, isRinging: true }, 'ringing'],
    ['a phone that rings in spite of do not disturb', { ...here, isRinging: true, isDoNotDisturb: true }, 'ringing'],
    ['a phone that rings while he talks', { ...here, isInCall: true, isRinging: true }, 'in-call'],
    ['do not disturb', { ...here, isDoNotDisturb: true }, 'do-not-disturb'],
    ['do not disturb without a phone', { ...away, isDoNotDisturb: true }, 'offline'],
    ['a call in spite of do not disturb', { ...here, isDoNotDisturb: true, isInCall: true }, 'in-call'],
    ['a phone that says busy', { ...here, published: [says({ activities: ['busy'] })] }, 'do-not-disturb'],
    ['a phone that says DND in words', { ...here, published: [says({ note: ' DND ' })] }, 'do-not-disturb'],
    ['a phone that says open but is not registered', { ...away, published: [says({})] }, 'offline'],
    ['phones that all say closed', { ...here, published: [says({ isOpen: false })] }, 'offline'],
    ['one of two phones closed', { ...here, published: [says({ isOpen: false }), says({})] }, 'available'],
    ['a phone that does not say', { ...here, published: [says({ isOpen: undefined })] }, 'available'],
  ])('%s', (_what, seen, lamp) => {
    expect(composePresence({ ...away, ...seen }).lamp).toBe(lamp);
  });
});

test('activities of all phones are told together, the latest note first', () => {
  const published = [says({ activities: ['meeting'] }), says({ activities: ['away'], note: 'Back at 3' })];
  expect(composePresence({ ...here, published })).toEqual({
    ...{ lamp: 'available', activities: ['away', 'meeting'], note: 'Back at 3' },
  });
});

test('that a phone rings changes nothing of what his document says', () => {
  const quiet = { ...here, isDoNotDisturb: true };
  const { activities, note } = composePresence(quiet);
  expect(composePresence({ ...quiet, isRinging: true })).toEqual({ lamp: 'ringing', activities, note });
});

test('of one who is offline nothing else is told', () => {
  const published = [says({ isOpen: false, activities: ['vacation'], note: 'secret' })];
  expect(composePresence({ ...here, published })).toEqual({ lamp: 'offline', activities: [], note: '' });
});
