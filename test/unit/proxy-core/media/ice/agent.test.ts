import { describe, expect, it } from 'vitest';
import { ATTRIBUTE, readStun, writeStun } from '../../../../../proxy-core/media/ice/stun-message.ts';
import { candidate, Side, type SideOptions, SmallNet } from './small-net.ts';

const A = '198.51.100.1';
const B = '203.0.113.2';

function two(aOptions: Partial<SideOptions> = {}, bOptions: Partial<SideOptions> = {}) {
  const net = new SmallNet();
  const a = new Side(net, { address: A, isControlling: true, ...aOptions });
  const b = new Side(net, { address: B, isControlling: false, ...bOptions });
  return { net, a, b };
}

/** The offer is answered: the answer takes its time, as ringing does. */
function meet({ net, a, b }: ReturnType<typeof two>, answerAfterMs = 30): void {
  b.hears(a.ice);
  net.clock.advance(answerAfterMs);
  a.hears(b.ice);
}

const checksOf = (net: SmallNet, from: string) =>
  net.sent.filter((one) => one.from.address === from && readStun(one.data)?.kind === 'request');

describe('two full agents', () => {
  it('find the way for both components and agree on it', () => {
    const all = two({ components: [1, 2] }, { components: [1, 2] });
    meet(all);
    all.net.clock.advance(1000);
    for (const side of [all.a, all.b]) {
      const { state, pairs } = side.agent.snapshot();
      expect(state).toBe('connected');
      expect(
        pairs
          .filter(({ nominated }) => nominated)
          .map(({ component }) => component)
          .sort(),
      ).toEqual([1, 2]);
    }
    expect(all.a.target).toEqual({ address: B, port: 5000 });
    expect(all.b.target).toEqual({ address: A, port: 5000 });
  });

  it.each([
    ['controlling', true],
    ['controlled', false],
  ])('settle who decides where both believe to be %s', (_, isControlling) => {
    const all = two({ isControlling }, { isControlling });
    meet(all);
    all.net.clock.advance(2000);
    expect([all.a.agent.state, all.b.agent.state]).toEqual(['connected', 'connected']);
    expect(all.a.agent.isControlling).not.toBe(all.b.agent.isControlling);
  });

  it.each([1, 2, 3, 4, 5])('connect although three packets of ten are lost (%i)', (seed) => {
    const all = two({ components: [1, 2] }, { components: [1, 2] });
    for (let i = 0; i < seed; i++) all.net.random(2);
    all.net.drops = () => all.net.random(10) < 3;
    meet(all);
    all.net.clock.advance(40_000);
    expect([all.a.agent.state, all.b.agent.state]).toEqual(['connected', 'connected']);
  });

  it('answer checks that come before the answer, and use them', () => {
    const all = two();
    meet(all, 700);
    all.net.clock.advance(300);
    expect([all.a.agent.state, all.b.agent.state]).toEqual(['connected', 'connected']);
  });

  it('choose the best of what works', () => {
    const all = two();
    all.b.addHost(all.net, { address: '203.0.113.3', port: 6000 });
    all.net.drops = (_, to) => to.address === B;
    meet(all);
    all.net.clock.advance(3000);
    expect(all.a.target).toEqual({ address: '203.0.113.3', port: 6000 });
    all.net.clock.advance(40_000);
    expect(all.a.agent.state).toBe('connected');
  });

  it('take up a candidate that comes late', () => {
    const all = two();
    all.net.drops = (from, to) => from.address === B || to.address === B;
    meet(all);
    all.net.clock.advance(5000);
    expect(all.a.agent.state).toBe('checking');
    all.b.addHost(all.net, { address: '203.0.113.3', port: 6000 });
    all.a.hears(all.b.ice);
    all.net.clock.advance(2000);
    expect([all.a.agent.state, all.b.agent.state]).toEqual(['connected', 'connected']);
  });

  it('say that nothing works only after the time in which something could still come', () => {
    const all = two();
    all.net.drops = () => true;
    meet(all);
    all.net.clock.advance(39_000);
    expect(all.a.agent.state).toBe('checking');
    all.net.clock.advance(2000);
    expect(all.a.agent.snapshot()).toMatchObject({
      state: 'failed',
      pairs: [{ state: 'failed', reason: 'no answer' }],
    });
    expect(all.a.target).toBeUndefined();
    expect(all.net.clock.waiting).toBe(0);
  });
});

describe('NATs', () => {
  it.each([
    ['a restricted NAT', false],
    ['a symmetric NAT', true],
  ])('a side behind %s is found by its checks', (_, isSymmetric) => {
    const net = new SmallNet();
    const a = new Side(net, { address: '10.0.0.5', isControlling: true, through: net.nat('192.0.2.77', isSymmetric) });
    const b = new Side(net, { address: B, isControlling: false });
    meet({ net, a, b });
    net.clock.advance(3000);
    expect([a.agent.state, b.agent.state]).toEqual(['connected', 'connected']);
    expect(b.target?.address).toBe('192.0.2.77');
    expect(b.agent.snapshot().remote).toContainEqual(expect.objectContaining({ type: 'prflx', address: '192.0.2.77' }));
    expect(a.agent.snapshot().local).toContainEqual(expect.objectContaining({ type: 'prflx', address: '192.0.2.77' }));
  });
});

describe('a way that was found', () => {
  it('is given up when the peer fell silent for 30 s, and another is taken', () => {
    const all = two();
    all.b.addHost(all.net, { address: '203.0.113.3', port: 6000 });
    meet(all);
    all.net.clock.advance(1000);
    expect(all.a.target?.address).toBe(B);
    all.net.drops = (from, to) => from.address === B || to.address === B;
    all.net.clock.advance(28_000);
    expect(all.a.target?.address).toBe(B);
    all.net.clock.advance(15_000);
    expect(all.a.agent.state).toBe('connected');
    expect(all.a.target?.address).toBe('203.0.113.3');
    expect(all.a.agent.snapshot().pairs).toContainEqual(expect.objectContaining({ reason: 'the peer fell silent' }));
  });

  it('carries nothing any more when there is no other', () => {
    const all = two();
    meet(all);
    all.net.clock.advance(1000);
    all.net.drops = () => true;
    all.net.clock.advance(60_000);
    expect([all.a.agent.state, all.a.target]).toEqual(['lost', undefined]);
  });

  it('lasts as long as an old peer sends sound that answers no more checks', () => {
    const all = two();
    meet(all);
    all.net.clock.advance(1000);
    all.net.drops = () => true;
    const [path] = all.a.paths;
    if (!path) return expect.fail('no path');
    for (let i = 0; i < 60; i++) {
      expect(all.a.agent.takes(path, { address: B, port: 5000 })).toBe(true);
      all.net.clock.advance(1000);
    }
    expect(all.a.agent.state).toBe('connected');
    expect(all.a.agent.takes(path, { address: '203.0.113.99', port: 5000 })).toBe(false);
  });

  it('is asked for consent at the pace of RFC 7675', () => {
    const all = two();
    meet(all);
    all.net.clock.advance(1000);
    const before = checksOf(all.net, A).length;
    all.net.clock.advance(60_000);
    const asked = checksOf(all.net, A).length - before;
    expect(asked).toBeGreaterThanOrEqual(10);
    expect(asked).toBeLessThanOrEqual(15);
  });
});

describe('peers of other kinds', () => {
  it('a lite one is checked and led, whoever offered', () => {
    const all = two({ isControlling: false }, {});
    all.b.agent.setRemote({ ...all.a.ice, candidates: [] }, [1]);
    all.a.hears({ ...all.b.ice, isLite: true });
    all.net.clock.advance(2000);
    expect(all.a.agent.snapshot()).toMatchObject({ state: 'connected', isControlling: true });
  });

  it('an old one that nominates each pair at once gets the best of them', () => {
    const net = new SmallNet();
    const b = new Side(net, { address: B, isControlling: false });
    const password = 'a-password-of-24-letters';
    const low = { address: A, port: 7001 };
    const high = { address: A, port: 7000 };
    for (const at of [low, high]) {
      net.listen(at, (data, from) => {
        const message = readStun(data);
        if (message?.kind !== 'request') return;
        net.send(at, from, writeStun({ ...message, kind: 'success' }, [], password));
      });
    }
    b.hears({
      ufrag: 'peer',
      password,
      isLite: false,
      candidates: [candidate(A, 7000), candidate(A, 7001, { priority: 1000 })],
    });
    const { credentials } = b.agent;
    const nominate = (at: typeof low, id: string): void =>
      net.send(
        at,
        { address: B, port: 5000 },
        writeStun(
          { kind: 'request', method: 1, transactionId: id.repeat(24) },
          [
            [ATTRIBUTE.USERNAME, Buffer.from(`${credentials.ufrag}:peer`)],
            [ATTRIBUTE.PRIORITY, Buffer.from([1, 2, 3, 4])],
            [ATTRIBUTE.ICE_CONTROLLING, Buffer.alloc(8)],
            [ATTRIBUTE.USE_CANDIDATE, Buffer.alloc(0)],
          ],
          credentials.password,
        ),
      );
    nominate(low, '1');
    net.clock.advance(500);
    expect(b.target).toEqual(low);
    nominate(high, '2');
    net.clock.advance(500);
    expect(b.target).toEqual(high);
    nominate(low, '3');
    net.clock.advance(500);
    expect(b.target).toEqual(high);
  });
});

describe('hostile peers', () => {
  it('cannot have more than forty candidates checked, nor faster than one in 50 ms', () => {
    const all = two();
    const candidates = Array.from({ length: 500 }, (_, i) => candidate('192.0.2.9', 1000 + i, { foundation: `f${i}` }));
    all.a.hears({ ...all.b.ice, candidates });
    all.net.clock.advance(1000);
    expect(all.net.sent.length).toBeLessThanOrEqual(21 + 21);
    all.net.clock.advance(120_000);
    expect(new Set(all.net.sent.map(({ to }) => to.port)).size).toBe(40);
    expect(all.net.sent.length).toBeLessThanOrEqual(40 * 6);
    expect(all.net.clock.waiting).toBe(0);
  });

  it('have nothing sent to where nothing may go', () => {
    const all = two({ mayReach: ({ port }) => port !== 5060 });
    all.a.hears({ ...all.b.ice, candidates: [candidate(B, 5060)] });
    all.net.clock.advance(60_000);
    expect(all.net.sent).toEqual([]);
  });

  it('are refused without the password, and move nothing', () => {
    const all = two();
    all.a.hears(all.b.ice);
    const stranger = { address: '192.0.2.66', port: 6666 };
    const replies: number[] = [];
    all.net.listen(stranger, (data) => {
      const message = readStun(data);
      if (message?.kind === 'error') replies.push(message.attributes.get(ATTRIBUTE.ERROR_CODE)?.[3] ?? 0);
    });
    const { ufrag } = all.a.agent.credentials;
    const username: [number, Buffer] = [ATTRIBUTE.USERNAME, Buffer.from(`${ufrag}:${all.b.ice.ufrag}`)];
    const head = { kind: 'request', method: 1, transactionId: 'ab'.repeat(12) } as const;
    const to = { address: A, port: 5000 };
    all.net.send(stranger, to, writeStun(head, [username], 'wrong'));
    all.net.send(stranger, to, writeStun(head, [username]));
    all.net.send(
      stranger,
      to,
      writeStun(head, [[ATTRIBUTE.USERNAME, Buffer.from('x:y')]], all.a.agent.credentials.password),
    );
    all.net.clock.advance(100);
    expect(replies).toEqual([1, 0, 1]);
    expect(all.a.agent.snapshot().remote).toHaveLength(1);
  });

  it('cannot forge an answer, nor answer from elsewhere', () => {
    const all = two();
    all.net.unplug({ address: B, port: 5000 });
    const stranger = { address: '192.0.2.66', port: 6666 };
    all.net.listen({ address: B, port: 5000 }, (data, from) => {
      const message = readStun(data);
      if (!message) return;
      all.net.send({ address: B, port: 5000 }, from, writeStun({ ...message, kind: 'success' }, [], 'wrong'));
      if (all.net.sent.length > 8)
        all.net.send(stranger, from, writeStun({ ...message, kind: 'success' }, [], all.b.ice.password));
    });
    all.a.hears(all.b.ice);
    all.net.clock.advance(1000);
    expect(all.a.target).toBeUndefined();
    all.net.clock.advance(20_000);
    expect(all.a.agent.snapshot().pairs).toMatchObject([{ state: 'failed', reason: 'answered from elsewhere' }]);
  });

  it('are answered no more than a hundred times a second', () => {
    const all = two();
    all.a.hears(all.b.ice);
    const from = { address: '192.0.2.66', port: 6666 };
    for (let i = 0; i < 1000; i++) {
      all.net.send(
        from,
        { address: A, port: 5000 },
        writeStun({ kind: 'request', method: 1, transactionId: 'ab'.repeat(12) }, []),
      );
    }
    all.net.clock.advance(20);
    expect(all.net.sent.filter(({ to }) => to.port === 6666).length).toBeLessThanOrEqual(101);
  });
});
