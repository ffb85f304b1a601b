import { expect, it } from 'vitest';
import { frequenciesOf } from '../../../../../app/renderer/softphone/outgoing-sound.ts';

it.each([
  ['1', [697, 1209]],
  ['5', [770, 1336]],
  ['0', [941, 1336]],
  ['*', [941, 1209]],
  ['#', [941, 1477]],
  ['A', [697, 1633]],
  ['D', [941, 1633]],
  ['x', undefined],
  ['', undefined],
])('the key %j sounds as %j (Q.23)', (digit, pair) => expect(frequenciesOf(digit)).toEqual(pair));
