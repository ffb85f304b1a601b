import { describe, expect, test } from 'vitest';
import { foremostCall, lineText } from '../../../../../app/renderer/store/line.ts';
import { generatePassword } from '../../../../../app/renderer/store/password.ts';
import { toneFor } from '../../../../../app/renderer/store/ringer.ts';
import {
  codecName,
  devicesWords,
  duration,
  peerName,
  peerNumber,
  percent,
  soundVerdict,
} from '../../../../../app/renderer/store/words.ts';
import { callOf, soundOf } from '../../../../support/window/people.ts';

test.each([
  [0, '0:00'],
  [12_999, '0:12'],
  [754_000, '12:34'],
  [3_600_000, '1:00:00'],
  [-5_000, '0:00'],
])('%i ms last %s', (ms, text) => expect(duration(ms)).toBe(text));

describe('how a call sounds', () => {
  const figures = (mos: number, lossPercent = 0) => ({ mos, lossPercent, jitterMs: 1 });
  test.each([
    ['nothing came yet', null, null, null, undefined],
    ['all is well', figures(4.3), figures(4.2), 30, ['good', 'Good sound']],
    ['they say nothing', figures(4.3), null, null, ['good', 'Good sound']],
    ['some is lost', figures(3.9, 5), figures(4.2), 30, ['fair', 'Sound with small gaps']],
    ['much is lost', figures(3.2, 12), figures(3.4, 10), 30, ['poor', 'Poor sound']],
    ['they lose some', figures(4.3), figures(3.9, 5), 30, ['fair', 'They hear small gaps']],
    ['they lose much', figures(4.3), figures(2.9, 15), 30, ['poor', 'They hear you badly']],
    ['it takes long', figures(3.5), figures(3.4), 900, ['poor', 'Long delay']],
    ['it takes long and much is lost', figures(2.5, 9), figures(3.4), 900, ['poor', 'Poor sound']],
  ] as const)('%s', (_, here, there, roundTripMs, verdict) => {
    const said = soundVerdict({ here, there, roundTripMs });
    expect(said && [said.grade, said.words]).toEqual(verdict);
  });

  test.each([
    [0, '0 %'],
    [0.04, '0 %'],
    [0.44, '0.4 %'],
    [12.3, '12 %'],
  ])('%d is written %s', (value, text) => expect(percent(value)).toBe(text));
});

test('codecs, devices and peers have names', () => {
  expect([codecName('PCMU'), codecName('opus'), codecName('L16')]).toEqual(['G.711 µ-law', 'Opus', 'L16']);
  expect([0, 1, 3].map(devicesWords)).toEqual(['No phone registered', '1 phone registered', '3 phones registered']);
  const nameless = callOf({ peer: { name: ' ', number: '1002', uri: 'sip:1002@x' } });
  expect([peerName(nameless), peerNumber(nameless)]).toEqual(['1002', '']);
  expect(peerName(callOf({ peer: { name: '', number: '', uri: '' } }))).toBe('Unknown number');
});

describe('the line', () => {
  test('is about the call that most wants attention, of two alike the newer', () => {
    const old = callOf({ id: 'old', startedAt: 1 });
    const young = callOf({ id: 'young', startedAt: 2 });
    const ringing = callOf({ id: 'ringing', state: 'incoming', startedAt: 0 });
    expect(foremostCall([old, young])?.id).toBe('young');
    expect(foremostCall([old, ringing, young])?.id).toBe('ringing');
    expect(foremostCall([callOf({ state: 'ended' })])).toBeUndefined();
  });

  test('says why a call ended as part of its own sentence', () => {
    expect(lineText(undefined, callOf({ state: 'ended', notice: '1002 is busy.' })).before).toBe(
      'Call ended: 1002 is busy',
    );
    expect(lineText(undefined, callOf({ state: 'ended' })).before).toBe('Call ended');
    expect(lineText(undefined, undefined).before).toBe('Idle');
  });
});

describe('what is heard before an answer', () => {
  const active = callOf({ id: 'a' });
  const incoming = callOf({ id: 'b', state: 'incoming' });
  const ringing = callOf({ id: 'c', state: 'ringing' });
  const early = soundOf({ received: 10, sent: 0 });
  test.each([
    ['nothing', [], 'silence'],
    ['somebody calls', [incoming], 'ring'],
    ['somebody calls into a call', [active, incoming], 'waiting'],
    ['it rings over there', [ringing], 'ringback'],
    ['the other side sends its own sound', [{ ...ringing, quality: early }], 'silence'],
    ['it rings over there during a call', [active, ringing], 'silence'],
    ['a call is on', [active], 'silence'],
  ] as const)('%s', (_, calls, tone) => expect(toneFor(calls)).toBe(tone));
});

test('a password has four groups of characters that cannot be mixed up, and another each time', () => {
  const made = Array.from({ length: 50 }, () => generatePassword());
  for (const password of made) expect(password).toMatch(/^[2-9a-km-np-z]{4}(-[2-9a-km-np-z]{4}){3}$/);
  expect(new Set(made).size).toBe(50);
  expect(generatePassword((bytes) => bytes.fill(32))).toBe('2222-2222-2222-2222');
});
