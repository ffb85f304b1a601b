/**
 * A whole day of an office over a network that loses, repeats and reorders, the same way in each run: registration, a
 * forked call, a call that is given up, a re-INVITE, a restart of the exchange in the middle, both hanging up at once.
 */
import { describe, expect, test } from 'vitest';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { FakeOffice, OFFICE } from '../../support/fake-office.ts';
import { roughFate } from '../../support/rough-network.ts';
import type { IncomingCall, OutgoingRequest, TestPhone } from '../../support/sip-phone.ts';

const ANNA = '192.0.2.11:5060';
const DESK = '192.0.2.12:5060';
const MOBILE = '192.0.2.13:5060';

class RoughDay {
  readonly office = new FakeOffice();

  constructor(seed: number) {
    this.office.network.fate = roughFate(seed, 0.25, 0.25, 400);
  }

  /** Lets time pass until it is so. */
  async until(what: string, isSo: () => boolean, ms = 60_000): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      if (isSo()) return;
      await this.office.pass(250);
    }
    if (!isSo()) throw new Error(`waited in vain until ${what}`);
  }

  /** Registers as a phone does: again and again until it is told that it is. */
  async registered(number: string, address: string): Promise<TestPhone> {
    const phone = this.office.phone(number, address);
    for (let tries = 0; tries < 5; tries++) {
      const register = phone.register();
      await this.until('there is an answer', () => register.responses.length > 0 || register.fault !== undefined);
      if (register.responses.at(-1)?.status === 200) return phone;
    }
    throw new Error('could not register');
  }

  /** Sends the 2xx until its ACK comes, as the one called must (RFC 3261 §13.3.1.4); the caller acknowledges each. */
  async answered(call: OutgoingRequest, incoming: IncomingCall | undefined, phone: TestPhone): Promise<void> {
    if (incoming === undefined) throw new Error('no call came');
    const before = phone.acks.length;
    incoming.respond(200);
    let acknowledged = call.responses.length;
    await this.until('the call is up', () => {
      if (phone.acks.length > before) return true;
      if (call.responses.slice(acknowledged).some(({ status }) => status === 200)) {
        acknowledged = call.responses.length;
        call.ack();
      } else incoming.respond(200);
      return false;
    });
  }

  async ends(): Promise<void> {
    await this.office.pass(260_000);
    expect(this.office.transactions?.size).toEqual({ client: 0, server: 0, open: 0 });
    expect(this.office.faults).toEqual([]);
  }
}

const seeds = Array.from({ length: 8 }, (_, i) => i + 1);

describe.each(seeds)('network %i', (seed) => {
  test('phones register, again, and sign off: what was answered is so', async () => {
    const day = new RoughDay(seed);
    const anna = await day.registered('1001', ANNA);
    await day.registered('1001', DESK);
    const aor = `1001@${OFFICE}` as Parameters<typeof day.office.locations.lookup>[0];
    const contacts = (): string[] =>
      day.office.locations.lookup(aor, day.office.clock.now()).map(({ contact }) => contact);
    expect(contacts().sort()).toEqual([`sip:1001@${ANNA}`, `sip:1001@${DESK}`]);
    const off = anna.register(0);
    await day.until('it signed off', () => off.responses.length > 0);
    expect(off.last.status).toBe(200);
    expect(contacts()).toEqual([`sip:1001@${DESK}`]);
    await day.ends();
  });

  test('both devices ring, one answers, the other stops; a re-INVITE, a restart, and both hang up at once', async () => {
    const day = new RoughDay(seed);
    const anna = await day.registered('1001', ANNA);
    const desk = await day.registered('1002', DESK);
    const mobile = await day.registered('1002', MOBILE);
    const call = anna.call('1002');
    await day.until('both ring', () => desk.incoming.length === 1 && mobile.incoming.length === 1);
    desk.incoming[0]?.respond(180);
    mobile.incoming[0]?.respond(180);
    await day.answered(call, desk.incoming[0], desk);
    await day.until('the other stops', () => mobile.heard('CANCEL') === 1);
    expect(mobile.requests[0]?.header(H.Reason)).toContain('Call completed elsewhere');

    call.again('INVITE');
    await day.until('the re-INVITE comes', () => desk.incoming.length === 2);
    expect(mobile.incoming).toHaveLength(1);
    await day.answered(call, desk.incoming[1], desk);

    day.office.cut();
    await day.office.pass(1_000);
    day.office.open();
    const { responses } = call;
    const before = responses.length;
    call.bye();
    let heardBack = 0;
    desk.incoming[0]?.bye(({ status }) => {
      heardBack = status;
    });
    await day.until('both heard the other hang up', () => desk.heard('BYE') === 1 && anna.heard('BYE') === 1);
    await day.until(
      'both were told',
      () => heardBack === 200 && responses.slice(before).some((r) => r.cseqMethod === 'BYE'),
    );
    await day.ends();
  });

  test('a call is given up before anyone answers: nobody rings on', async () => {
    const day = new RoughDay(seed);
    const anna = await day.registered('1001', ANNA);
    const desk = await day.registered('1002', DESK);
    const mobile = await day.registered('1002', MOBILE);
    const call = anna.call('1002');
    await day.until('one rings', () => desk.incoming.length + mobile.incoming.length > 0);
    call.cancel();
    await day.until(
      'it is over',
      () => call.responses.some(({ status }) => status === 487) || call.fault !== undefined,
    );
    await day.office.pass(70_000);
    for (const phone of [desk, mobile]) {
      for (const { transaction } of phone.incoming) expect(transaction.isOpen).toBe(false);
    }
    await day.ends();
  });

  test('a restart while it rings: the caller is not left alone for ever, and can call again', async () => {
    const day = new RoughDay(seed);
    const anna = await day.registered('1001', ANNA);
    const desk = await day.registered('1002', DESK);
    const lost = anna.call('1002');
    await day.until('it rings', () => desk.incoming.length === 1);
    desk.incoming[0]?.respond(180);
    day.office.cut();
    await day.office.pass(500);
    day.office.open();
    desk.incoming[0]?.respond(200);
    await day.office.pass(40_000);
    lost.cancel();
    await day.office.pass(70_000);
    // The first INVITE may have come anew after the restart.
    const before = desk.incoming.length;
    const again = anna.call('1002');
    await day.until('it rings again', () => desk.incoming.length > before);
    await day.answered(again, desk.incoming[before], desk);
    again.bye();
    await day.until('it is hung up', () => desk.heard('BYE') === 1);
    await day.ends();
  });
});
