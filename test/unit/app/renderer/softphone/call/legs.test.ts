import { expect, it } from 'vitest';
import { Legs } from '../../../../../../app/renderer/softphone/call/legs.ts';
import { AckKeeper } from '../../../../../../proxy-core/sip/dialog/acks.ts';
import { buildRequest, buildResponse } from '../../../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../../../proxy-core/sip/message/names.ts';
import { FakeClock } from '../../../../../support/fake-clock.ts';

const invite = buildRequest({
  method: 'INVITE',
  uri: 'sip:bob@office.example',
  via: 'SIP/2.0/UDP 127.0.0.1:5062;branch=z9hG4bK1',
  from: '<sip:alice@office.example>;tag=a1',
  to: '<sip:bob@office.example>',
  callId: 'call-1',
  cseq: 7,
});
const answer = (status: number, tag: string | undefined, contact = `<sip:${tag}@127.0.0.1>`) =>
  buildResponse(invite, status, { toTag: tag, headers: [[H.Contact, contact]] });

const legs = (): Legs =>
  new Legs({ way: undefined as never, acks: new AckKeeper(new FakeClock()), userAgent: [H.UserAgent, 'test'] });

it('tells forks apart by their tags, and each is confirmed by its own 2xx', () => {
  const all = legs();
  expect([all.take(invite, answer(180, 'one')), all.take(invite, answer(180, 'two'))]).toEqual(['one', 'two']);
  expect(all.take(invite, answer(200, 'two', '<sip:new@127.0.0.1>'))).toBe('two');
  expect(all.get('one')?.dialog.state).toBe('early');
  expect(all.get('two')?.dialog).toMatchObject({ state: 'confirmed', remoteTarget: 'sip:new@127.0.0.1' });
  all.take(invite, answer(200, 'two', '<sip:evil@127.0.0.1>'));
  expect(all.get('two')?.dialog.remoteTarget).toBe('sip:new@127.0.0.1');
  expect(all.take(invite, answer(183, undefined))).toBeUndefined();
});

it('stops telling phones apart at a bound, and later those that answer', () => {
  const all = legs();
  for (let i = 0; i < 64; i++) expect(all.take(invite, answer(180, `t${i}`))).toBe(`t${i}`);
  expect(all.take(invite, answer(180, 'more'))).toBeUndefined();
  for (let i = 0; i < 64; i++) expect(all.take(invite, answer(200, `more${i}`))).toBe(`more${i}`);
  expect(all.take(invite, answer(200, 'too many'))).toBeUndefined();
});
