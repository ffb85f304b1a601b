/** Every answer that a step of the office may give, and what else may come out of a file that people write. */
import { expect, test } from 'vitest';
import { readDecision } from '../../../../../proxy-core/server/route/decision.ts';

const good: [answer: unknown, decision: object][] = [
  [undefined, { kind: 'continue', edits: undefined }],
  ['continue', { kind: 'continue', edits: undefined }],
  [{ reject: 486 }, { kind: 'reject', status: 486, reason: undefined, headers: [] }],
  [
    { reject: 603, reason: 'Geschloßen', headers: { 'Retry-After': '3600', 'X-A': ['1', '2'] } },
    {
      ...{ kind: 'reject', status: 603, reason: 'Geschlo\xc3\x9fen' },
      headers: [
        ['Retry-After', '3600'],
        ['X-A', '1'],
        ['X-A', '2'],
      ],
    },
  ],
  [{ redirect: '1002' }, { kind: 'redirect', status: 302, targets: [{ text: '1002', q: 1000 }] }],
  [
    { redirect: ['1002', { uri: 'sip:a@b.example', q: 0.25 }], status: 301 },
    {
      ...{ kind: 'redirect', status: 301 },
      targets: [
        { text: '1002', q: 1000 },
        { text: 'sip:a@b.example', q: 250 },
      ],
    },
  ],
  [{ send: '1002' }, { kind: 'send', targets: [{ text: '1002', q: 1000 }], edits: undefined }],
  [
    { send: '1002', headers: { remove: ['Alert-Info'], add: { 'X-Queue': 'sales' } } },
    {
      ...{ kind: 'send', targets: [{ text: '1002', q: 1000 }] },
      edits: { remove: ['Alert-Info'], add: [['X-Queue', 'sales']] },
    },
  ],
  [{ headers: { add: { 'X-A': 'b' } } }, { kind: 'continue', edits: { remove: [], add: [['X-A', 'b']] } }],
];
test.each(good)('%o', (answer, decision) => {
  expect(readDecision(answer)).toEqual({ ok: true, value: decision });
});

const bad: [answer: unknown, why: string][] = [
  [null, 'null'],
  [true, 'true'],
  [486, '486'],
  ['reject', '"reject"'],
  [[], 'a list'],
  [() => undefined, 'a function'],
  [{}, 'without reject, redirect, send or headers'],
  [{ rejekt: 486 }, 'without'],
  [{ reject: 486, send: '1002' }, 'reject and send at once'],
  [{ reject: 200 }, 'from 400 to 699'],
  [{ reject: '486' }, 'from 400 to 699'],
  [{ reject: 486.5 }, 'from 400 to 699'],
  [{ reject: 486, reason: 'a\r\nX: y' }, 'one line'],
  [{ reject: 486, headers: { 'X-A': 'b\r\nX-C: d' } }, 'one line'],
  [{ reject: 486, headers: 'X-A: b' }, 'an object of names'],
  [{ redirect: [] }, '1 to 50'],
  [{ redirect: Array.from({ length: 51 }, () => '1') }, '1 to 50'],
  [{ redirect: '1002', status: 200 }, '300, 301 or 302'],
  [{ send: 1002 }, 'a number or a URI, not 1002'],
  [{ send: '' }, 'a number or a URI'],
  [{ send: { uri: '1002', q: 2 } }, 'q goes from 0 to 1'],
  [{ send: { uri: '1002', q: Number.NaN } }, 'q goes from 0 to 1'],
  [{ send: '1002', headers: { add: { via: 'SIP/2.0/UDP 192.0.2.1' } } }, 'via cannot be changed'],
  [{ send: '1002', headers: { remove: ['f'] } }, 'f cannot be changed'],
  [{ send: '1002', headers: { add: { 'no token': 'x' } } }, 'no name of a header'],
  [{ send: '1002', headers: { set: { 'X-A': 'x' } } }, 'no "set"'],
  [{ headers: { remove: 'X-A' } }, 'a list'],
  [{ headers: null }, 'remove and add'],
];
test.each(bad)('%o is refused', (answer, why) => {
  const decision = readDecision(answer);
  expect(decision.ok).toBe(false);
  if (!decision.ok) expect(decision.error).toContain(why);
});
