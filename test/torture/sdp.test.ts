/** Hostile and broken descriptions at the gateway, and at a registered phone that answers every call: it goes on as before. */
import { afterAll, describe, expect, test } from 'vitest';
import { MediaGateway } from '../../proxy-core/media/index.ts';
import type { SipResponse } from '../../proxy-core/sip/message/message.ts';
import { offerWith } from '../support/unheard.ts';
import { until } from '../support/until.ts';
import { FarEnd } from '../unit/app/services/phone/service-world.ts';
import { isFinalTo, registeredAt, requestOf } from './plain-peer.ts';
import { type Fate, SDP_CASES } from './sdp.ts';

const gateway = new MediaGateway({
  localHost: () => '127.0.0.1',
  loopback: true,
  protection: () => ({ wanted: 'offered', offered: 'sdes' }),
});
afterAll(() => gateway.closeAll());

let count = 0;
const session = () => ({ sessionId: `call-${++count}`, accountId: 'me' });
const webrtcOffer = offerWith('sendrecv');

function judge(fate: Fate, result: { ok: true; text: string } | { ok: false; status: number; reason: string }): void {
  if (typeof fate === 'number') {
    expect(result).toMatchObject({ ok: false, status: fate });
    return;
  }
  if (!result.ok) throw new Error(`${result.status} ${result.reason}`);
  if (fate.says) expect(result.text).toMatch(fate.says);
  if (fate.not) expect(result.text).not.toMatch(fate.not);
}

describe.each(SDP_CASES)('$name ($why)', ({ sdp, offer, answer }) => {
  test('as an offer', async () => {
    const id = session();
    const made = await gateway.accept({ ...id, webrtcOffer, sipOffer: sdp });
    await gateway.close(id);
    judge(offer, made.ok ? { ok: true, text: made.sipAnswer } : made);
  });
  test('as an answer', async () => {
    const id = session();
    const offered = await gateway.offer({ ...id, webrtcOffer });
    expect(offered.ok).toBe(true);
    const made = await gateway.answer({ sessionId: id.sessionId, sipAnswer: sdp });
    // A refused one changes nothing: a good one may still come.
    const again = made.ok || (await gateway.answer({ sessionId: id.sessionId, sipAnswer: SDP_CASES[0]?.sdp ?? '' })).ok;
    await gateway.close(id);
    const fate = answer ?? (typeof offer === 'number' ? offer : {});
    judge(fate, made.ok ? { ok: true, text: '' } : made);
    expect(again).toBe(true);
  });
});

test('each in turn at a registered phone that answers every call: it says what it must, and can call and be called', async () => {
  const server = await FarEnd.open();
  const { phone, port } = await registeredAt(server, { autoAnswer: 'always' });
  const ask = async (method: string, callId: string, tag = '', body = ''): Promise<SipResponse> => {
    server.arrivals.length = 0;
    server.send(
      port,
      requestOf(server.port, method, callId, tag, body === '' ? [] : ['Content-Type: application/sdp'], body),
    );
    return until(`the answer to ${method}`, () =>
      server.arrivals.map(({ message }) => message).find(isFinalTo(callId, method)),
    );
  };
  try {
    for (const [at, { name, sdp, offer }] of [...SDP_CASES, ...SDP_CASES.slice(0, 1)].entries()) {
      const callId = `offer-${at}`;
      const answer = await ask('INVITE', callId, '', sdp);
      const { tag = '' } = answer.to;
      server.send(port, requestOf(server.port, 'ACK', callId, tag));
      expect(answer.status, name).toBe(typeof offer === 'number' ? offer : 200);
      if (answer.status === 200) expect((await ask('BYE', callId, tag)).status, name).toBe(200);
      expect((await ask('OPTIONS', `alive-${at}`)).status, name).toBe(200);
      expect(phone.accounts[0]?.registration.state, name).toBe('registered');
    }
    server.arrivals.length = 0;
    expect(phone.softphone.call('1002').ok).toBe(true);
    const invite = await until('a call of its own', () =>
      server.arrivals.find(({ message }) => message.kind === 'request' && message.method === 'INVITE'),
    );
    expect(invite.message.body).toContain('m=audio');
  } finally {
    await phone.close();
    await server.close();
  }
});
