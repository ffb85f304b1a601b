import { expect, it } from 'vitest';
import { KnownWays } from '../../../../../app/services/phone/known-ways.ts';
import { PerCall } from '../../../../../app/services/phone/per-call.ts';
import { buildResponse } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipResponse } from '../../../../../proxy-core/sip/message/message.ts';
import type { FlowId, Source } from '../../../../../proxy-core/sip/transport/port.ts';
import { read, request } from './service-world.ts';

const flow = {
  accountId: 'acc',
  flowId: 'f',
  transport: 'UDP',
  localHost: '127.0.0.1',
  localPort: 5070,
  remoteHost: '127.0.0.1',
  remotePort: 5060,
  proxy: 0,
  hasOther: false,
} as const;
const from = (host: string): Source => ({
  transport: 'UDP',
  host,
  port: 5060,
  flow: 'flow' as FlowId,
  listener: 'udp://127.0.0.1:5070',
});

it('strangers push out neither the way back to a call that rings nor what its peers said', () => {
  const ways = new KnownWays();
  const headers = [['Contact', '<sip:peer@127.0.0.2:5080>']] as const;
  const invite = request(flow, { method: 'INVITE', callId: 'ringing', headers });
  ways.heard(invite, from('127.0.0.1'), true);
  ways.sending('ringing');
  for (let i = 0; i < 5_000; i++) ways.heard(request(flow, { callId: `stranger-${i}` }), from('127.0.0.9'), false);
  const answer = read(buildResponse(invite, 200, { toTag: 'us' }).wire) as SipResponse;
  expect(ways.wayBack(answer)).toMatchObject({ host: '127.0.0.1', port: 5060 });
  const bye = request(flow, { method: 'BYE', callId: 'ringing', toTag: 'peer', uri: 'sip:peer@127.0.0.2:5080' });
  expect(ways.destination(bye)).toMatchObject({ to: 'uri' });
});

it('what is remembered of calls is bounded, and kept where something was sent', () => {
  const calls = new PerCall<{ readonly n: number }>(() => ({ n: 0 }));
  const own = calls.heard('own');
  expect(calls.sending('own')).toBe(own);
  const stranger = calls.heard('stranger');
  expect(calls.heard('stranger')).toBe(stranger);
  for (let i = 0; i < 1_000; i++) calls.heard(`other-${i}`);
  expect([calls.get('own'), calls.get('stranger')]).toEqual([own, undefined]);
  for (let i = 0; i < 2_000; i++) calls.sending(`mine-${i}`);
  expect(calls.get('own')).toBeUndefined();
});
