import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildAck, buildCancel, buildRequest, buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import { editRequest, editResponse } from '../../../../../proxy-core/sip/message/edit.ts';
import type { SipRequest } from '../../../../../proxy-core/sip/message/message.ts';
import { H, type HeaderId } from '../../../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { reasonPhrase } from '../../../../../proxy-core/sip/message/status.ts';

const wire =
  'INVITE sip:b@x SIP/2.0\r\n' +
  'v: SIP/2.0/UDP a;branch=z9hG4bK1 , SIP/2.0/UDP b;branch=z9hG4bK2\r\n' +
  'Via: SIP/2.0/UDP c;branch=z9hG4bK3\r\n' +
  'FROM : "A, B" <sip:a@x>;tag=1\r\n' +
  'To:<sip:b@x>\r\n' +
  'i: c\r\n' +
  'X-Odd:  kept\r\n  as it is \r\n' +
  'CSeq: 7 INVITE\r\n' +
  'Timestamp: 54\r\n' +
  'Record-Route: <sip:p1;lr>\r\n' +
  'Route: <sip:p1;lr>, <sip:p2;lr>\r\n' +
  'Max-Forwards: 70\r\n' +
  'Content-Type: application/sdp\r\n' +
  'Content-Length: 3\r\n\r\nv=0';

function read(text: string): SipRequest {
  const parsed = parseMessage(text);
  if (!parsed.ok || parsed.value.kind !== 'request') throw new Error('no request');
  return parsed.value;
}
const invite = read(wire);

describe('a derived message', () => {
  it('without a change is the same, byte by byte', () => {
    expect(editRequest(invite).toWire()).toBe(wire);
  });

  it('changes what is asked and leaves every other byte (§16.6)', () => {
    const forwarded = editRequest(invite)
      .setUri('sip:b@10.0.0.2:5070')
      .set(H.MaxForwards, '69')
      .removeFirst(H.Route)
      .prepend(H.RecordRoute, '<sip:us;lr>')
      .prepend(H.Via, 'SIP/2.0/UDP us;branch=z9hG4bK0')
      .append(H.Supported, 'path')
      .appendNamed('X-New', 'yes');
    expect(forwarded.toWire()).toBe(
      wire
        .replace(
          'INVITE sip:b@x SIP/2.0\r\n',
          'INVITE sip:b@10.0.0.2:5070 SIP/2.0\r\nVia: SIP/2.0/UDP us;branch=z9hG4bK0\r\nRecord-Route: <sip:us;lr>\r\n',
        )
        .replace('Route: <sip:p1;lr>, <sip:p2;lr>', 'Route: <sip:p2;lr>')
        .replace('Max-Forwards: 70', 'Max-Forwards: 69')
        .replace('Content-Length: 3\r\n', 'Content-Length: 3\r\nSupported: path\r\nX-New: yes\r\n'),
    );
    expect(forwarded.toMessage().via.branch).toBe('z9hG4bK0');
    expect(invite.wire).toBe(wire);
  });

  it('loses its topmost values one by one (§16.7)', () => {
    const edit = editRequest(invite).removeFirst(H.Via);
    expect(edit.toMessage().list(H.Via)).toEqual(['SIP/2.0/UDP b;branch=z9hG4bK2', 'SIP/2.0/UDP c;branch=z9hG4bK3']);
    expect(edit.removeFirst(H.Via).toMessage().list(H.Via)).toEqual(['SIP/2.0/UDP c;branch=z9hG4bK3']);
    expect(editRequest(invite).removeFirst(H.Route).removeFirst(H.Route).toMessage().list(H.Route)).toEqual([]);
    expect(editRequest(invite).removeFirst(H.Path).toWire()).toBe(wire);
    expect(editRequest(invite).replaceFirst(H.Via, 'SIP/2.0/TCP z').toMessage().list(H.Via)[0]).toBe('SIP/2.0/TCP z');
  });

  it('gets another body, or none', () => {
    const other = editRequest(invite).setBody('text/plain', 'hello').toMessage();
    expect([other.body, other.header(H.ContentType), other.header(H.ContentLength)]).toEqual([
      'hello',
      'text/plain',
      '5',
    ]);
    const none = editRequest(invite).setBody(undefined).toMessage();
    expect([none.body, none.header(H.ContentType), none.header(H.ContentLength)]).toEqual(['', undefined, '0']);
  });

  it('keeps one line of a header that is set', () => {
    const twice = read(wire.replace('Max-Forwards', 'Subject: a\r\nSubject: b\r\nMax-Forwards'));
    expect(editRequest(twice).set(H.Subject, 'c').toMessage().headers.lines(H.Subject)).toEqual(['c']);
    expect(editRequest(twice).remove(H.Subject).toWire()).toBe(wire);
  });

  it('of a message without its empty line is whole', () => {
    const torn = read(
      'OPTIONS sip:b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nFrom: <sip:a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: c\r\nCSeq: 1 OPTIONS',
    );
    expect(editRequest(torn).append(H.Supported, 'x').toMessage().header(H.Supported)).toBe('x');
    expect(editRequest(torn).set(H.CSeq, '2 OPTIONS').toMessage().cseq).toBe(2);
  });

  it('can be read whatever is done to it', () => {
    const ids: HeaderId[] = [H.Route, H.RecordRoute, H.Supported, H.Via, H.Timestamp, H.Subject];
    const action = fc.record({
      what: fc.constantFrom('prepend', 'append', 'set', 'remove', 'removeFirst', 'replaceFirst'),
      id: fc.constantFrom(...ids),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 8 }), (actions) => {
        const edit = editRequest(invite);
        for (const { what, id } of actions) {
          const value = id === H.Via ? 'SIP/2.0/UDP n;branch=z9hG4bKn' : '<sip:n;lr>';
          if (what === 'remove' || what === 'removeFirst') {
            if (id !== H.Via) edit[what](id);
          } else edit[what as 'set'](id, value);
        }
        const made = read(edit.toWire());
        expect([made.body, made.callId, made.from.display, made.headers.named('x-odd')]).toEqual([
          'v=0',
          'c',
          'A, B',
          'kept as it is',
        ]);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a response (§8.2.6)', () => {
  it('takes from its request what it must', () => {
    const ok = buildResponse(invite, 200, {
      toTag: 't',
      headers: [['X-Y', 'z']],
      body: { type: 'application/sdp', content: 'v=1' },
    });
    expect(ok.list(H.Via)).toEqual(invite.list(H.Via));
    expect(ok.list(H.RecordRoute)).toEqual(['<sip:p1;lr>']);
    expect([ok.from.toString(), ok.to.toString(), ok.callId, ok.cseq, ok.cseqMethod]).toEqual([
      '"A, B" <sip:a@x>;tag=1',
      '<sip:b@x>;tag=t',
      'c',
      7,
      'INVITE',
    ]);
    expect([ok.reason, ok.body, ok.header(H.ContentLength), ok.header(H.Timestamp), ok.headers.named('x-y')]).toEqual([
      'OK',
      'v=1',
      '3',
      undefined,
      'z',
    ]);
  });

  it('of 100 has no tag and gives the timestamp back; a failure has no route', () => {
    const trying = buildResponse(invite, 100, { toTag: 't' });
    expect([trying.to.tag, trying.header(H.Timestamp), trying.list(H.RecordRoute)]).toEqual([undefined, '54', []]);
    expect(buildResponse(invite, 486, { toTag: 't' }).list(H.RecordRoute)).toEqual([]);
  });

  it('keeps a tag that is there', () => {
    const again = editRequest(invite).set(H.To, '<sip:b@x>;tag=old').toMessage();
    expect(buildResponse(again, 200, { toTag: 'new' }).to.tag).toBe('old');
  });

  it('loses its topmost Via on the way back', () => {
    expect(editResponse(buildResponse(invite, 180)).removeFirst(H.Via).toMessage().via.branch).toBe('z9hG4bK2');
  });

  it('has a phrase for each status', () => {
    expect([reasonPhrase(480), reasonPhrase(699)]).toEqual(['Temporarily Unavailable', 'Unknown']);
  });
});

describe('a request', () => {
  const parts = {
    method: 'MESSAGE',
    uri: 'sip:b@x',
    via: 'SIP/2.0/UDP a',
    from: '<sip:a@x>;tag=1',
    to: '<sip:b@x>',
    callId: 'c',
    cseq: 1,
  };

  it('is built as it is asked for', () => {
    const made = buildRequest({
      ...parts,
      routes: ['<sip:p1;lr>', '<sip:p2;lr>'],
      maxForwards: 9,
      body: { type: 'text/plain', content: 'hi' },
    });
    expect(made.wire).toBe(
      'MESSAGE sip:b@x SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nRoute: <sip:p1;lr>\r\nRoute: <sip:p2;lr>\r\nMax-Forwards: 9\r\n' +
        'From: <sip:a@x>;tag=1\r\nTo: <sip:b@x>\r\nCall-ID: c\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi',
    );
  });

  it.each([
    ['a header', { headers: [['X', 'a\r\nTo: <sip:evil>']] as const }],
    ['an address', { to: '<sip:b@x>\nX: y' }],
    ['a route', { routes: ['<sip:p>\r\n\r\n'] }],
    ['a content type', { body: { type: 'a\rb', content: '' } }],
    ['a Request-URI', { uri: 'sip:b@x SIP/2.0\r\nX: y\r\nZ: ' }],
    ['a method', { method: 'A sip:x SIP/2.0\r\nB' }],
    ['the name of a header', { headers: [['X: y\r\nZ', 'a']] as const }],
  ])('takes no line break in %s', (_name, bad) => {
    expect(() => buildRequest({ ...parts, ...bad })).toThrow(TypeError);
  });

  it('takes none where an edit puts it either', () => {
    const edit = () => editRequest(buildRequest(parts));
    expect(() => edit().append(H.Subject, 'a\r\nX: y').toMessage()).toThrow(TypeError);
    expect(() => edit().prepend(H.Subject, 'a\nb').toMessage()).toThrow(TypeError);
    expect(() => edit().set(H.To, 'a\rb').toMessage()).toThrow(TypeError);
    expect(() => edit().replaceFirst(H.Via, 'a\r\nb').toMessage()).toThrow(TypeError);
    expect(() => edit().setUri('sip:x SIP/2.0\r\nX: y').toMessage()).toThrow(TypeError);
    expect(() => edit().appendNamed('X: y\r\nZ', 'a').toMessage()).toThrow(TypeError);
  });

  it('is cancelled hop by hop: same branch, route and number (§9.1)', () => {
    const cancel = buildCancel(invite, 'SIP;cause=200');
    expect(cancel.list(H.Via)).toEqual([invite.via.toString()]);
    expect(cancel.list(H.Route)).toEqual(invite.list(H.Route));
    expect([
      cancel.method,
      cancel.uriText,
      cancel.cseq,
      cancel.cseqMethod,
      cancel.to.tag,
      cancel.header(H.Reason),
    ]).toEqual(['CANCEL', 'sip:b@x', 7, 'CANCEL', undefined, 'SIP;cause=200']);
    expect([cancel.header(H.ContentLength), cancel.header(H.ContentType)]).toEqual(['0', undefined]);
  });

  it('that failed is acknowledged with the To of the response (§17.1.1.3)', () => {
    const ack = buildAck(invite, buildResponse(invite, 404, { toTag: 't' }));
    expect([ack.method, ack.cseqMethod, ack.cseq, ack.to.tag, ack.list(H.Via), ack.body]).toEqual([
      'ACK',
      'ACK',
      7,
      't',
      [invite.via.toString()],
      '',
    ]);
  });
});
