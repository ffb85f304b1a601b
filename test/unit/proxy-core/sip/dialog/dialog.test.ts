import { describe, expect, it } from 'vitest';
import {
  ackTo2xx,
  confirmAsCallee,
  type Dialog,
  dialogAsCallee,
  dialogAsCaller,
  keyOf,
  keyOfRequest,
  nextRequest,
  receiveInDialog,
  refreshTarget,
} from '../../../../../proxy-core/sip/dialog/dialog.ts';
import { buildRequest, buildResponse, type HeaderLine } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';

const VIA = 'SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1';

const invite = (headers: readonly HeaderLine[] = []): SipRequest =>
  buildRequest({
    method: 'INVITE',
    uri: 'sip:bob@office.example',
    via: VIA,
    from: '"Alice" <sip:alice@office.example>;tag=a1',
    to: '<sip:bob@office.example>',
    callId: 'call-1',
    cseq: 7,
    headers: [[H.Contact, '<sip:alice@127.0.0.1:5062>'], ...headers],
  });

const answer = (status: number, tag: string, headers: readonly HeaderLine[], request = invite()): SipResponse =>
  buildResponse(request, status, { toTag: tag, headers });

const made = (result: ReturnType<typeof dialogAsCaller>): Dialog => {
  if (!result.ok) throw new Error(result.reason);
  return result.dialog;
};

const caller = (headers: readonly HeaderLine[]): Dialog => made(dialogAsCaller(invite(), answer(200, 'b1', headers)));

describe('a dialog begun by our INVITE', () => {
  it('takes Record-Route in reverse and the Contact as target (§12.1.2)', () => {
    const dialog = caller([
      [H.RecordRoute, '<sip:p2.example;lr>, <sip:p1.example;lr>'],
      [H.Contact, '<sip:bob@127.0.0.1:5070>'],
    ]);
    expect(dialog).toMatchObject({ state: 'confirmed', localTag: 'a1', remoteTag: 'b1', localSeq: 7 });
    const bye = nextRequest(dialog, { method: 'BYE' }).draft(VIA);
    expect(bye.uriText).toBe('sip:bob@127.0.0.1:5070');
    expect(bye.list(H.Route)).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    expect([bye.cseq, bye.callId, bye.from.tag, bye.to.tag]).toEqual([8, 'call-1', 'a1', 'b1']);
    expect(bye.from.display).toBe('Alice');
  });

  it('sends the first hop what a strict router expects (§12.2.1.1)', () => {
    const dialog = caller([
      [H.RecordRoute, '<sip:p2.example;lr>, <sip:old.example;method=BYE>'],
      [H.Contact, '<sip:bob@127.0.0.1:5070>'],
    ]);
    const bye = nextRequest(dialog, { method: 'BYE' }).draft(VIA);
    expect(bye.uriText).toBe('sip:old.example');
    expect(bye.list(H.Route)).toEqual(['<sip:p2.example;lr>', '<sip:bob@127.0.0.1:5070>']);
  });

  it('reaches a peer without Contact by the Request-URI', () => {
    const dialog = made(dialogAsCaller(invite(), answer(180, 'b1', [])));
    expect(dialog).toMatchObject({ state: 'early', remoteTarget: 'sip:bob@office.example' });
  });

  it.each([['<sip:p1.example;lr'], ['<mailto:p1@example>'], [Array(40).fill('<sip:p.example;lr>').join(', ')]])(
    'refuses the Record-Route %.30s',
    (value) => {
      const made = dialogAsCaller(invite(), answer(200, 'b1', [[H.RecordRoute, value]]));
      expect(made.ok).toBe(false);
    },
  );

  it('counts its requests up and acknowledges with the number and credentials of the INVITE (§13.2.2.4)', () => {
    const request = invite([[H.ProxyAuthorization, 'Digest username="alice", realm="r"']]);
    const dialog = made(dialogAsCaller(request, answer(200, 'b1', [[H.Contact, '<sip:bob@127.0.0.1:5070>']])));
    const first = nextRequest(dialog, { method: 'INFO' });
    const second = nextRequest(first.dialog, { method: 'BYE' });
    expect([first.draft(VIA).cseq, second.draft(VIA).cseq]).toEqual([8, 9]);
    const ack = ackTo2xx(second.dialog, request)(VIA);
    expect([ack.method, ack.cseq, ack.header(H.ProxyAuthorization)]).toEqual([
      'ACK',
      7,
      'Digest username="alice", realm="r"',
    ]);
  });

  it('drops what a Request-URI may not carry from a Contact', () => {
    const dialog = caller([[H.Contact, '<sip:bob@127.0.0.1;transport=tcp;method=INVITE?Subject=x>']]);
    expect(dialog.remoteTarget).toBe('sip:bob@127.0.0.1;transport=tcp');
  });
});

describe('a dialog begun by the peer', () => {
  const request = invite([[H.RecordRoute, '<sip:p1.example;lr>, <sip:p2.example;lr>']]);

  it('takes Record-Route in order and answers to its own tag (§12.1.1)', () => {
    const dialog = confirmAsCallee(made(dialogAsCallee(request, 'me')));
    const { draft } = nextRequest(dialog, { method: 'BYE' });
    const bye = draft(VIA);
    expect(bye.uriText).toBe('sip:alice@127.0.0.1:5062');
    expect(bye.list(H.Route)).toEqual(['<sip:p1.example;lr>', '<sip:p2.example;lr>']);
    expect([bye.from.tag, bye.to.tag, bye.cseq]).toEqual(['me', 'a1', 1]);
    expect(keyOf(dialog)).toBe(keyOfRequest(peerRequest(dialog, 'BYE', 8)));
    expect(keyOfRequest(request)).toBeUndefined();
  });

  it('needs a Contact', () => {
    const bare = buildRequest({
      method: 'INVITE',
      uri: 'sip:bob@x',
      via: VIA,
      from: '<sip:a@x>;tag=1',
      to: '<sip:bob@x>',
      callId: 'c',
      cseq: 1,
    });
    expect(dialogAsCallee(bare, 'me').ok).toBe(false);
  });

  it('refuses an older request and follows a new Contact (§12.2.2)', () => {
    const dialog = made(dialogAsCallee(request, 'me'));
    expect(receiveInDialog(dialog, peerRequest(dialog, 'BYE', 6))).toBe('out-of-order');
    const later = receiveInDialog(dialog, peerRequest(dialog, 'INVITE', 9, '<sip:alice@127.0.0.1:6000>'));
    if (later === 'out-of-order') throw new Error('refused');
    expect(later.remoteSeq).toBe(9);
    const moved = refreshTarget(later, peerRequest(dialog, 'INVITE', 9, '<sip:alice@127.0.0.1:6000>'));
    expect(moved.remoteTarget).toBe('sip:alice@127.0.0.1:6000');
    expect(refreshTarget(moved, peerRequest(dialog, 'INVITE', 9, '<tel:12>')).remoteTarget).toBe(moved.remoteTarget);
  });
});

function peerRequest(dialog: Dialog, method: string, cseq: number, contact?: string): SipRequest {
  return buildRequest({
    method,
    uri: 'sip:bob@127.0.0.1:5070',
    via: VIA,
    from: dialog.remote,
    to: dialog.local,
    callId: dialog.callId,
    cseq,
    headers: contact === undefined ? [] : [[H.Contact, contact]],
  });
}
