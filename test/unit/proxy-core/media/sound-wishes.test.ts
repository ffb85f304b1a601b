/** Codecs in the order that a person sets, the sound in a packet, and comfort noise, in calls over the gateway. */
import { describe, expect, it } from 'vitest';
import type { SoundWishes } from '../../../../proxy-core/media/sound-wishes.ts';
import { until } from '../../../support/until.ts';
import { closedAfterEach, gatewayParts, portIn, taken } from './gateway-parts.ts';
import { packet } from './parts.ts';

const ID = { sessionId: 'call', accountId: 'me' };
const closers = closedAfterEach();

const parts = (sound: Partial<SoundWishes> = {}) =>
  gatewayParts(closers, {
    protection: () => ({ wanted: 'never', offered: 'sdes' }),
    sound: () => ({ codecs: ['opus', 'G722', 'PCMU', 'PCMA'], ptime: 20, ...sound }),
  });

const formatsIn = (sdp: string): string | undefined => /^m=audio \d+ \S+ (.*?)\r?$/m.exec(sdp)?.[1];

describe('the codecs of an account', () => {
  it.each([
    [['PCMA', 'opus'], '8 111 126 110'],
    [['PCMU'], '0 126'],
    [['G722', 'PCMU', 'PCMA', 'opus'], '9 0 8 111 126 110'],
    [[], '111 9 0 8 126 110'],
  ])('%j are offered in this order, and no others', async (codecs, formats) => {
    const { gateway, window } = await parts({ codecs });
    const { sipOffer } = taken(await gateway.offer({ ...ID, webrtcOffer: window.offer() }));
    expect(formatsIn(sipOffer)?.split(' ').sort()).toEqual(formats.split(' ').sort());
    const sound = (list: string | undefined) => list?.split(' ').filter((type) => !['126', '110'].includes(type));
    expect(sound(formatsIn(sipOffer))).toEqual(sound(formats));
  });

  it('choose among those that are offered, by our order', async () => {
    const { gateway, window, peer } = await parts({ codecs: ['PCMA', 'PCMU'] });
    const { sipAnswer, webrtcAnswer } = taken(
      await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer: peer.sdp('9 0 8') }),
    );
    expect(formatsIn(sipAnswer)).toBe('8');
    expect(formatsIn(webrtcAnswer)).toBe('8');
  });

  it('that are off are not taken: the caller hears that nothing fits', async () => {
    const { gateway, window, peer } = await parts({ codecs: ['opus'] });
    const refused = await gateway.accept({ ...ID, webrtcOffer: window.offer(), sipOffer: peer.sdp('0 8') });
    expect(refused).toMatchObject({ ok: false, status: 488 });
    const unknown = await parts({ codecs: ['speex'] });
    expect(await unknown.gateway.offer({ ...ID, webrtcOffer: unknown.window.offer() })).toMatchObject({ status: 488 });
  });
});

describe('the sound in a packet', () => {
  it.each([
    [20, [], undefined],
    [20, ['a=ptime:30'], 30],
    [60, [], 60],
    [60, ['a=ptime:10'], 10],
    [60, ['a=maxptime:40'], 40],
    [20, ['a=ptime:60', 'a=maxptime:45'], 40],
    [10, ['a=maxptime:60'], 10],
  ])('we ask for %i ms; to a peer that says %j go %s', async (ptime, attributes, sent) => {
    const { gateway, window, peer } = await parts({ ptime });
    const { sipOffer } = taken(await gateway.offer({ ...ID, webrtcOffer: window.offer() }));
    expect(sipOffer).toContain(`a=ptime:${ptime}\r\n`);
    const { webrtcAnswer } = taken(await gateway.answer({ ...ID, sipAnswer: peer.sdp('0', ...attributes) }));
    const told = /^a=ptime:(\d+)\r?$/m.exec(webrtcAnswer)?.[1];
    expect(told === undefined ? undefined : Number(told)).toBe(sent);
  });
});

describe('comfort noise', () => {
  it('is taken as a sign of life, is no loss, and silence after it no fault', async () => {
    const { clock, gateway, window, peer, notices } = await parts();
    const { sipOffer } = taken(await gateway.offer({ ...ID, webrtcOffer: window.offer() }));
    const { webrtcAnswer } = taken(await gateway.answer({ ...ID, sipAnswer: peer.sdp('0 13') }));
    await window.connect(webrtcAnswer);
    const port = portIn(sipOffer);
    const send = (sequence: number, payloadType: number) =>
      peer.send(port, packet({ payloadType, sequence, timestamp: sequence * 160, payload: Buffer.from([1]) }));
    send(1, 0);
    await until('the first', () => window.received.length === 1);
    clock.advance(20);
    send(2, 13);
    await until('the noise', () => gateway.stats(ID)?.silentMs === 0);
    clock.advance(20_000);
    expect(notices).toEqual([]);
    send(3, 0);
    await until('the next', () => window.received.length === 2);
    expect(window.received.every(({ payloadType }) => payloadType === 0)).toBe(true);
    expect(gateway.stats(ID)).toMatchObject({ lost: 0, received: 2 });
    clock.advance(3_000);
    expect(notices).toMatchObject([{ cause: 'stopped' }]);
  });
});
