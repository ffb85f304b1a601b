import { expect, it } from 'vitest';
import { stateOf } from '../../../../../../app/renderer/softphone/events/person.ts';
import type { SeenDialog } from '../../../../../../proxy-core/sip/bodies/dialog-info.ts';

const says = (isOpen: boolean | undefined, activities: readonly string[] = [], note = '') => ({
  ...{ isOpen, activities, note },
});
const dialog = (state: SeenDialog['state'], direction: SeenDialog['direction']): SeenDialog => ({
  ...{ id: '1', callId: '', localTag: '', remoteTag: '', state, direction },
  remote: { name: '', uri: '', target: '' },
});

it.each([
  ['nothing is known', undefined, undefined, 'unknown'],
  ['he has no calls, and presence is not told', undefined, [], 'available'],
  ['he is there', says(true), [], 'available'],
  ['he says nothing of the kind', says(undefined), [], 'available'],
  ['he is gone', says(false), [], 'offline'],
  ['he is busy', says(true, ['busy']), [], 'do-not-disturb'],
  ['he has written so', says(true, [], 'DND'), undefined, 'do-not-disturb'],
  ['he talks, as presence has it', says(true, ['on-the-phone', 'busy']), undefined, 'in-call'],
  ['his phone rings', says(true, ['on-the-phone']), [dialog('early', 'recipient')], 'ringing'],
  [
    'his phone rings while he talks',
    says(true),
    [dialog('confirmed', 'initiator'), dialog('early', 'recipient')],
    'ringing',
  ],
  ['he calls', says(true), [dialog('early', 'initiator')], 'in-call'],
  ['he talks over a phone that is not registered', says(false), [dialog('confirmed', undefined)], 'in-call'],
] as const)('%s', (_, said, dialogs, state) => {
  expect(stateOf(said, dialogs)).toBe(state);
});
