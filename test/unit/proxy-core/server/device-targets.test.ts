import { expect, test } from 'vitest';
import { deviceTargets } from '../../../../proxy-core/server/device-targets.ts';
import { aorOf, type Binding } from '../../../../proxy-core/server/stores.ts';
import type { Target } from '../../../../proxy-core/server/targets.ts';
import { bindingOf } from '../../../support/memory-stores.ts';

const at = (place: string, instance = '', regId = 0, parts: Partial<Binding> = {}): Binding =>
  bindingOf(aorOf('1001', 'office.example'), `sip:${place}@192.0.2.1`, { instance, regId, ...parts });

const chain = (target: Target | undefined): string =>
  target === undefined ? '' : target.uri.user + (target.next === undefined ? '' : `>${chain(target.next)}`);

const cases: [what: string, bindings: Binding[], result: string[]][] = [
  ['nothing', [], []],
  ['one', [at('a')], ['a']],
  ['devices without an instance are each their own', [at('a'), at('b')], ['a', 'b']],
  ['two devices', [at('a', '1', 1), at('b', '2', 1)], ['a', 'b']],
  ['two flows of one device: never both', [at('a', '1', 1), at('b', '1', 2)], ['a>b']],
  [
    'each device in the place of its best flow',
    [at('a', '1', 1), at('b', '2', 1), at('c'), at('d', '1', 2), at('e', '2', 2), at('f', '1', 3)],
    ['a>d>f', 'b>e', 'c'],
  ],
  ['contacts of one instance without reg-id too', [at('a', '1'), at('b', '1')], ['a>b']],
  ['a contact that is no SIP address is no target', [at('a'), at('b', '', 0, { contact: 'mailto:b@h' })], ['a']],
];

test.each(cases)('%s', (_what, bindings, result) => {
  expect(deviceTargets(bindings).map(chain)).toEqual(result);
});

test('a flow is reached by the way it registered on, not by what its Contact says', () => {
  const [target] = deviceTargets([at('a', '1', 1, { received: 'tcp:203.0.113.9:40000', listener: 'tcp:x' })]);
  expect(target?.hops).toEqual([{ transport: 'TCP', host: '203.0.113.9', port: 40_000, listener: 'tcp:x' }]);
});
