import { describe, expect, it } from 'vitest';
import {
  readReferTo,
  referTo,
  sipfrag,
  sipfragStatus,
  tellsOf,
  wantsSilence,
} from '../../../../../proxy-core/sip/dialog/refer.ts';
import { formatReplaces, parseReplaces, replacesOf } from '../../../../../proxy-core/sip/dialog/replaces.ts';
import { buildRequest, type HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';

const request = (method: string, headers: readonly HeaderLine[] = [], content?: string) =>
  buildRequest({
    method,
    uri: 'sip:a@x',
    via: 'SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1',
    from: '<sip:b@x>;tag=1',
    to: '<sip:a@x>;tag=2',
    callId: 'c',
    cseq: 5,
    headers,
    body: content === undefined ? undefined : { type: 'message/sipfrag', content },
  });

describe('Replaces (RFC 3891)', () => {
  const replaces = { callId: '12@x', toTag: 'a', fromTag: 'b', earlyOnly: true };

  it('is written as it is read', () => {
    expect(formatReplaces(replaces)).toBe('12@x;to-tag=a;from-tag=b;early-only');
    expect(parseReplaces(formatReplaces(replaces))).toEqual(replaces);
    expect(parseReplaces(' 12@x ; from-tag = b ;to-tag=a')).toEqual({ ...replaces, earlyOnly: false });
  });

  it.each(['', ';', 'x', 'x;to-tag=a', 'x;from-tag=b', ';to-tag=a;from-tag=b', 'a b;to-tag=a;from-tag=b'])(
    'is refused as %j',
    (text) => expect(parseReplaces(text)).toBeUndefined(),
  );

  it('stands once in a message', () => {
    const one: HeaderLine = [H.Replaces, formatReplaces(replaces)];
    expect(replacesOf(request('INVITE'))).toBeUndefined();
    expect(replacesOf(request('INVITE', [one]))).toEqual(replaces);
    expect(replacesOf(request('INVITE', [one, one]))).toBe('malformed');
  });

  it('survives its way through a Refer-To', () => {
    const value = referTo('sip:c@127.0.0.1:5070;transport=tcp?Subject=x', { replaces, expires: 45 });
    expect(value).not.toContain('Subject');
    const read = readReferTo(request('REFER', [[H.ReferTo, value]]));
    expect(read).toMatchObject({ ok: true, value: { replaces, expires: 45 } });
    expect(read.ok && read.value.uri.toString()).toBe('sip:c@127.0.0.1:5070;transport=tcp');
  });
});

describe('Refer-To', () => {
  it.each([
    ['<sip:c@x>', 'sip:c@x'],
    ['sip:c@x', 'sip:c@x'],
    ['"C" <sip:c:secret@x;method=INVITE?Route=%3Csip:evil%3E>', 'sip:c@x'],
  ])('%s has %s called', (text, uri) => {
    const read = readReferTo(request('REFER', [[H.ReferTo, text]]));
    expect(read.ok && read.value.uri.toString()).toBe(uri);
  });

  it.each([
    ['Expires=30', 30],
    ['Subject=x&expires=%33', 3],
    ['Expires=0', undefined],
    ['Expires=99999999999', undefined],
    ['Expires=-1', undefined],
    ['Expires=soon', undefined],
    ['Subject=x', undefined],
  ])('with %s is to ring %s seconds', (headers, expires) => {
    const read = readReferTo(request('REFER', [[H.ReferTo, `<sip:c@x?${headers}>`]]));
    expect(read).toMatchObject({ ok: true, value: { expires, replaces: undefined } });
  });

  it('stands once', () => {
    expect(readReferTo(request('REFER'))).toEqual({ ok: false, status: 400 });
    const line: HeaderLine = [H.ReferTo, '<sip:c@x>'];
    expect(readReferTo(request('REFER', [line, line]))).toEqual({ ok: false, status: 400 });
  });
});

describe('word of how a transfer goes', () => {
  it.each([
    [sipfrag(180), 180],
    ['SIP/2.0 200 OK', 200],
    ['sip/2.0 486\r\n', 486],
    ['SIP/2.0 999 x', undefined],
    ['HTTP/1.1 200 OK', undefined],
    ['', undefined],
  ])('%j says %s', (body, status) => expect(sipfragStatus(request('NOTIFY', [], body))).toBe(status));

  it.each([
    ['refer', true],
    ['refer;id=7', true],
    ['Refer ; id=7', true],
    ['refer;id=8', false],
    ['presence', false],
    ['', false],
  ])('with Event %j is about the REFER 7: %s', (event, about) =>
    expect(tellsOf(request('NOTIFY', [[H.Event, event]]), 7)).toBe(about),
  );

  it('is not wanted by who says so', () => {
    expect(wantsSilence(request('REFER', [['Refer-Sub', 'False']]))).toBe(true);
    expect(wantsSilence(request('REFER', [['Refer-Sub', 'true']]))).toBe(false);
  });
});
