/** What the exchange says of failures is said whole in Russian and Czech: nothing English is left but names and values. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { speak } from '../../../../app/words/language.ts';
import { said } from '../../../../app/words/said.ts';
import type { CallRecord } from '../../../../proxy-core/server/calls/record.ts';
import { aorOf } from '../../../../proxy-core/server/stores.ts';
import { whyAddress, whyCall, whyUser } from '../../../../proxy-core/server/why/explain.ts';
import type { Reason } from '../../../../proxy-core/server/why/reason.ts';
import { badSound, whyRecord } from '../../../../proxy-core/server/why/records.ts';
import { DOMAIN, TraceScript } from '../../../support/trace-script.ts';
import { factsOf, type Known, registeredAt } from '../../../support/why-facts.ts';
import { calls } from '../../proxy-core/server/why/cases/calls.ts';
import { entrance } from '../../proxy-core/server/why/cases/entrance.ts';
import { ways } from '../../proxy-core/server/why/cases/ways.ts';

/** Technical words, and what programs and phones of the cases say themselves. */
const SAME = new Set(
  'server port digest hash text plain audio alias realm program transport firewall webhook sips sip proxy text telefon disk reg to'.split(
    ' ',
  ),
);

/** What is no word of a sentence: what stands in quotes, addresses, options, numbers and names of files. */
const bare = (text: string): string =>
  text.replaceAll(/"[^"]*"|«[^»]*»|„[^“]*“/g, ' ').replaceAll(/\S*[\d@/_=<>-]\S*|[\w*]+(?:[.:][\w*]+)+/g, ' ');

/** English words, in lower case: names begin with a capital. */
const wordsOf = (text: string): string[] => bare(text).match(/(?<![\p{L}'’])[a-z]{2,}(?![\p{L}])/gu) ?? [];

function englishIn(text: string, values: Reason['values'] = {}): string[] {
  const translated = said(text);
  if (translated === text) return [text];
  const given = new Set(Object.values(values).flatMap((value) => String(value).match(/[a-z]{2,}/g) ?? []));
  const english = new Set(wordsOf(text));
  return wordsOf(translated).filter((word) => english.has(word) && !SAME.has(word) && !given.has(word));
}

/** People and places, which stand in a sentence of any language as they are. */
const valuesIn = (text: string): string[] => text.match(/\d{4} \([A-Z]\w+\)|\d+(?:\.\d+){3}(?::\d+)?/g) ?? [];

function checked({ text, todo, values }: Reason): void {
  for (const sentence of [text, todo]) {
    expect(englishIn(sentence, values), `${sentence}\n${said(sentence)}`).toEqual([]);
    expect(valuesIn(said(sentence)).sort(), sentence).toEqual(valuesIn(sentence).sort());
  }
}

const started = Date.UTC(2026, 0, 5, 10, 3);
const party = (number: string, name = '') => ({ aor: aorOf(number, DOMAIN), number, domain: DOMAIN, name });
const record = (more: Partial<CallRecord>): CallRecord => ({
  ...{ id: 1, callId: 'c', caller: party('1001', 'Ada'), callerDevice: '', callerAddress: '', callee: party('1002') },
  ...{ startedAt: started, ringingAt: started, answeredAt: 0, endedAt: started + 20_000, seconds: 0, status: 500 },
  ...{ outcome: 'failed', cause: 41, reason: '', endedBy: 'caller', lost: undefined, isInterrupted: false },
  ...{ devices: [], answeredBy: undefined, quality: [] },
  ...more,
});
const desk = { aor: aorOf('1002', DOMAIN), contact: 'sip:1002@192.0.2.8', label: '', userAgent: '', ringingAt: 1 };

function reasonsOfRecords(): Reason[] {
  const facts = factsOf(new TraceScript());
  const devices = [{ ...desk, status: 486 }];
  const records = (
    ['busy', 'declined', 'cancelled', 'no-answer', 'not-found', 'unavailable', 'redirected', 'failed'] as const
  ).flatMap((outcome) => [
    record({ outcome, status: 486 }),
    record({ outcome, status: 486, devices, reason: 'SIP;cause=486;text="No"' }),
    record({ outcome, status: 486, devices: [...devices, ...devices] }),
  ]);
  const answered = { outcome: 'answered', status: 200, seconds: 61 } as const;
  const lost = (['session-timer', 'too-long', 'gone', 'crowded', 'restart'] as const).map((why) =>
    record({ ...answered, lost: why }),
  );
  const heard = [{ lossPercent: 6 }, { mosListening: 2 }, { lossPercent: 6, mosListening: 2 }].map((local) =>
    record({ ...answered, quality: [{ reporter: `1002@${DOMAIN}`, kind: 'CallTerm', local }] }),
  );
  const all = [
    ...records,
    ...lost,
    record({ ...answered, endedBy: 'callee' }),
    record({ ...answered, endedBy: 'exchange' }),
  ];
  return [...all.map((one) => whyRecord(one, facts)), ...heard.flatMap((one) => badSound(one, facts) ?? [])];
}

const HANDSHAKES = [
  'unknown ca',
  'unsupported protocol',
  'http request',
  'no shared cipher',
  'self-signed',
  'ECONNRESET',
];

function reasonsOfPeople(): Reason[] {
  const ban = {
    address: '192.0.2.8',
    since: 0,
    until: started,
    times: 1,
    reason: '20 wrong passwords, 3 refused requests',
  };
  const phones = ['192.0.2.8:5062', '192.0.2.9:5062'].map((place) => registeredAt('1002', `udp:${place}`));
  const known = factsOf(new TraceScript(), { bindings: { 1002: phones }, bans: [ban] });
  const many = factsOf(new TraceScript(), { bindings: { 1002: Array(6).fill(phones[0]) } });
  const notes = new TraceScript();
  for (const reason of HANDSHAKES) notes.note(`No TLS connection with 192.0.2.8: ${reason}.`);
  for (const reason of ['bytes that are no SIP message', 'no answer to a ping', 'nothing that is SIP came'])
    notes.note(`The connection with 192.0.2.8:40001 was closed: ${reason}.`);
  return [
    ...whyUser('1002', DOMAIN, known),
    ...whyUser('1002', DOMAIN, many),
    ...whyUser('1004', DOMAIN, known),
    ...whyUser('777777', DOMAIN, known),
    ...whyUser('1003', DOMAIN, known),
    ...whyAddress('192.0.2.8', known),
    ...whyAddress('192.0.2.99', known),
    ...whyAddress('192.0.2.8', factsOf(notes)),
    ...whyCall(known),
  ];
}

describe.each(['ru', 'cs'] as const)('in %s', (language) => {
  beforeAll(() => speak(language, language));
  afterAll(() => speak('en', 'en-US'));

  test.each([...entrance, ...calls, ...ways].map((one) => [`${one.key} ${one.what ?? ''}`, one] as const))(
    'the rule %s',
    (_, one) => {
      const script = new TraceScript();
      const known = one.happened(script);
      const reasons = whyCall(factsOf(script, typeof known === 'object' && known !== null ? (known as Known) : {}));
      expect(reasons[0]?.key).toBe(one.key);
      for (const reason of reasons) {
        checked(reason);
        expect(said(reason.text)).toMatch(/^[\p{Lu}\d“"„«].*\.$|^sips?:.*\.$/u);
      }
    },
  );

  test('what is said of users, addresses and calls of which only the record is left', () => {
    for (const reason of [...reasonsOfPeople(), ...reasonsOfRecords()]) checked(reason);
  });

  test('why an address is kept out, and which lines of a file are at fault', () => {
    for (const text of [
      '20 wrong passwords, 3 refused requests',
      'banned by hand',
      'Nothing was imported, because of 1 faulty line:',
      'Nothing was imported, because of 23 faulty lines:',
      'line 2: User 1001@office.example is on line 1 already.',
      'line 3: A number must be text.',
      'and 3 more',
      'the webhook refused a call for the last time',
    ])
      expect(englishIn(text), `${text}\n${said(text)}`).toEqual([]);
  });
});

test('the parts of a sentence stand where the other language has them, with their values', async () => {
  await speak('ru', 'ru-RU');
  expect(
    said(
      'The phone of 1002 (Ben) (Desk 2) at 192.0.2.8:5062 was sent the INVITE 7 times from 14:12 on and said nothing; it was last heard at 14:02.',
    ),
  ).toBe(
    'Телефон 1002 (Ben) (Desk 2) по адресу 192.0.2.8:5062 не отвечает: INVITE отправлен 7 раз начиная с 14:12; последний сигнал оттуда был в 14:02.',
  );
  expect(said('The phone of 1002 (Ben) at 192.0.2.8:5062 turned the call away; it says: "In a meeting".')).toBe(
    'Телефон 1002 (Ben) по адресу 192.0.2.8:5062: вызов отклонён; причина: «In a meeting».',
  );
  await speak('en', 'en-US');
});
