import { describe, expect, it } from 'vitest';
import {
  actsAfter,
  agreedBy,
  answerTimer,
  raised,
  timerHeaders,
} from '../../../../../proxy-core/sip/dialog/session-timer.ts';
import { buildRequest, buildResponse, type HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';

const request = (headers: readonly HeaderLine[] = []) =>
  buildRequest({
    method: 'INVITE',
    uri: 'sip:a@x',
    via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1',
    from: '<sip:b@x>;tag=1',
    to: '<sip:a@x>',
    callId: 'c',
    cseq: 5,
    headers,
  });
const response = (status: number, headers: readonly HeaderLine[]) => buildResponse(request(), status, { headers });
const KNOWS: HeaderLine = [H.Supported, 'timer'];
const wish = { expires: 1_800, min: 90 };

describe('what we ask for', () => {
  it('names the refresher once there is one', () => {
    expect(timerHeaders({ expires: 0, min: 90 })).toEqual([]);
    expect(timerHeaders(wish)).toEqual([[H.SessionExpires, '1800']]);
    expect(timerHeaders({ expires: 1_800, min: 120 }, 'us')).toEqual([
      [H.SessionExpires, '1800;refresher=uac'],
      [H.MinSe, '120'],
    ]);
  });

  it.each([
    ['600', { expires: 1_800, min: 600 }],
    ['3600', { expires: 3_600, min: 3_600 }],
    ['90', undefined],
    ['999999999', undefined],
    ['x', undefined],
  ])('becomes more after a 422 that wants %s', (min, next) =>
    expect(raised(wish, response(422, [[H.MinSe, min]]))).toEqual(next),
  );
});

describe('what was agreed on (table 2)', () => {
  it.each([
    ['1800;refresher=uac', { expires: 1_800, refresher: 'us' }],
    ['1800 ; refresher=UAS;x=y', { expires: 1_800, refresher: 'peer' }],
    ['1800', { expires: 1_800, refresher: 'us' }],
    ['9999999999;refresher=uas', { expires: 86_400, refresher: 'peer' }],
    ['5;refresher=uac', undefined],
    ['-1', undefined],
  ])('by a 2xx with %s', (value, terms) => expect(agreedBy(response(200, [[H.SessionExpires, value]]))).toEqual(terms));

  it.each([
    [[[H.SessionExpires, '300'], KNOWS], '300;refresher=uac'],
    [[[H.SessionExpires, '300;refresher=uas'], KNOWS], '300;refresher=uas'],
    [[[H.SessionExpires, '300;refresher=uac']], '300;refresher=uas'],
    [[[H.SessionExpires, '300'], [H.MinSe, '400'], KNOWS], '400;refresher=uac'],
    [[KNOWS], '1800;refresher=uac'],
    [[], undefined],
  ] as const)('by our 2xx to %j', (headers, said) => {
    const answer = answerTimer(request(headers as readonly HeaderLine[]), wish);
    expect(answer.headers.find(([name]) => name === H.SessionExpires)?.[1]).toBe(said);
  });

  it('is refused where it is too short', () => {
    expect(answerTimer(request([[H.SessionExpires, '89'], KNOWS]), wish)).toEqual({
      ok: false,
      headers: [[H.MinSe, '90']],
    });
  });
});

it('the refresher acts after half the time, the other side gives up shortly before its end (§10)', () => {
  expect(actsAfter({ expires: 100, refresher: 'us' })).toBe(50_000);
  expect(actsAfter({ expires: 1_800, refresher: 'peer' })).toBe(1_768_000);
  expect(actsAfter({ expires: 90, refresher: 'peer' })).toBe(60_000);
});
