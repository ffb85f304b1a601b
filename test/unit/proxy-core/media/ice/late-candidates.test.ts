/** Candidates that come while checks run, of either side, and after them (RFC 8838). */
import { describe, expect, it } from 'vitest';
import { MAX_PAIRS } from '../../../../../proxy-core/media/ice/pair.ts';
import type { RemoteIce } from '../../../../../proxy-core/sip/sdp/index.ts';
import { candidate, Side, type SideOptions, SmallNet } from './small-net.ts';

const A = '198.51.100.1';
const B = '203.0.113.2';
const LATE = { address: '203.0.113.3', port: 6000 };

function two(aOptions: Partial<SideOptions> = {}, bOptions: Partial<SideOptions> = {}) {
  const net = new SmallNet();
  const a = new Side(net, { address: A, isControlling: true, ...aOptions });
  const b = new Side(net, { address: B, isControlling: false, ...bOptions });
  return { net, a, b };
}

const open = (ice: RemoteIce): RemoteIce => ({ ...ice, trickles: true, ended: false });
const bare = (ice: RemoteIce): RemoteIce => ({ ...open(ice), candidates: [] });

describe('two agents that are told candidates one by one', () => {
  it.each(['controlling', 'controlled'])('find the way where the %s one begins with none of the other', (late) => {
    const all = two({ isControlling: late === 'controlling' }, { isControlling: late !== 'controlling' });
    all.b.hears(bare(all.a.ice));
    all.a.hears(bare(all.b.ice));
    all.net.clock.advance(5_000);
    expect([all.net.sent, all.a.agent.state, all.b.agent.state]).toEqual([[], 'checking', 'checking']);
    all.a.agent.addRemote(all.b.ice.candidates, false);
    all.b.agent.addRemote(all.a.ice.candidates, false);
    all.net.clock.advance(1_000);
    expect([all.a.agent.state, all.b.agent.state]).toEqual(['connected', 'connected']);
    expect(all.a.target).toEqual({ address: B, port: 5000 });
  });

  it('take a late one of their own, and of the other', () => {
    const all = two();
    all.net.drops = (from, to) => [from, to].some(({ address }) => address === B);
    all.b.hears(open(all.a.ice));
    all.a.hears(open(all.b.ice));
    all.net.clock.advance(20_000);
    expect(all.a.agent.state).toBe('checking');
    all.b.addHost(all.net, LATE);
    all.a.agent.addRemote([candidate(LATE.address, LATE.port)], true);
    all.net.clock.advance(1_000);
    expect([all.a.agent.state, all.b.agent.state, all.a.target]).toEqual(['connected', 'connected', LATE]);
  });

  it('use RTCP where its candidates come late, and do without where none ever do', () => {
    const all = two({ components: [1, 2] }, { components: [1, 2] });
    const [rtp = [], rtcp = []] = [1, 2].map((n) => all.b.ice.candidates.filter(({ component }) => component === n));
    all.b.hears(all.a.ice);
    all.a.hears({ ...open(all.b.ice), candidates: rtp });
    all.net.clock.advance(1_000);
    all.a.agent.addRemote(rtcp, true);
    all.net.clock.advance(1_000);
    expect([all.a.agent.state, all.a.agent.way(2)?.remote.port]).toEqual(['connected', 5001]);
    const other = two({ components: [1, 2] });
    other.b.hears(other.a.ice);
    other.a.hears(open(other.b.ice));
    other.net.clock.advance(1_000);
    expect(other.a.agent.state).toBe('checking');
    other.a.agent.addRemote([], true);
    expect(other.a.agent.state).toBe('connected');
  });
});

describe('the end', () => {
  it('is no failure while the other side may tell more, and one when it has told all and nothing works', () => {
    const all = two();
    all.net.drops = () => true;
    all.a.hears(open(all.b.ice));
    all.net.clock.advance(45_000);
    all.a.agent.addRemote([candidate(LATE.address, LATE.port)], false);
    all.net.clock.advance(45_000);
    expect(all.a.agent.state).toBe('checking');
    all.a.agent.addRemote([], true);
    expect(all.a.agent.state).toBe('failed');
  });

  it('comes by itself where the other side never says that it has told all', () => {
    const all = two();
    all.net.drops = () => true;
    all.a.hears(open(all.b.ice));
    all.net.clock.advance(59_000);
    expect(all.a.agent.state).toBe('checking');
    all.net.clock.advance(2_000);
    expect([all.a.agent.state, all.net.clock.waiting]).toEqual(['failed', 0]);
  });

  it('is no failure either while we look for candidates of our own', () => {
    let isGathering = true;
    const all = two({ isGathering: () => isGathering });
    all.net.drops = () => true;
    all.a.hears(all.b.ice);
    all.net.clock.advance(120_000);
    expect(all.a.agent.state).toBe('checking');
    isGathering = false;
    expect(all.a.agent.state).toBe('failed');
  });

  it('is not failed before the patience for unseen candidates, though both have told all', () => {
    const all = two();
    all.net.drops = () => true;
    all.a.hears({ ...open(all.b.ice), ended: true });
    all.net.clock.advance(39_000);
    expect(all.a.agent.state).toBe('checking');
  });

  it('is the end: what is told after it is not taken', () => {
    const all = two();
    all.net.drops = () => true;
    all.a.hears(open(all.b.ice));
    all.a.agent.addRemote([], true);
    all.a.agent.addRemote([candidate(LATE.address, LATE.port)], false);
    all.net.clock.advance(60_000);
    expect(all.a.agent.snapshot().remote).toHaveLength(1);
    expect(all.net.sent.some(({ to }) => to.address === LATE.address)).toBe(false);
  });
});

describe('a late candidate', () => {
  it('that showed itself by a check before is known by its name from then on', () => {
    const all = two();
    all.a.hears(bare(all.b.ice));
    all.b.hears(all.a.ice);
    all.net.clock.advance(1_000);
    expect(all.a.agent.snapshot().remote).toMatchObject([{ type: 'prflx' }]);
    all.a.agent.addRemote(all.b.ice.candidates, false);
    const { remote, pairs, state } = all.a.agent.snapshot();
    expect([remote, pairs.map((pair) => pair.remote.type), state]).toMatchObject([
      [{ type: 'host' }],
      ['host'],
      'connected',
    ]);
  });

  it('that is told again and again counts once', () => {
    const all = two();
    all.a.hears(open(all.b.ice));
    for (let i = 0; i < 10; i++) all.a.agent.addRemote(all.b.ice.candidates, false);
    expect(all.a.agent.snapshot().pairs).toHaveLength(1);
  });

  it('is not checked once a way is chosen, and is when that is lost', () => {
    const all = two();
    all.b.hears(all.a.ice);
    all.a.hears(open(all.b.ice));
    all.net.clock.advance(1_000);
    all.b.addHost(all.net, LATE);
    all.a.agent.addRemote([candidate(LATE.address, LATE.port)], true);
    all.net.clock.advance(5_000);
    expect(all.net.sent.some(({ to }) => to.address === LATE.address)).toBe(false);
    expect(all.a.agent.snapshot().pairs).toContainEqual(
      expect.objectContaining({ state: 'failed', reason: 'not needed', remote: expect.objectContaining(LATE) }),
    );
    all.net.drops = (from, to) => [from, to].some(({ address }) => address === B);
    all.net.clock.advance(60_000);
    expect([all.a.agent.state, all.a.target]).toEqual(['connected', LATE]);
  });

  it('that is better may be chosen as long as more may come, if it comes at once', () => {
    const all = two();
    const low = candidate(B, 5000, { type: 'srflx', priority: 100 });
    all.b.hears(all.a.ice);
    all.a.hears({ ...open(all.b.ice), candidates: [low] });
    all.net.clock.advance(200);
    // It works already, and sound may go there.
    expect([all.a.agent.state, all.a.target?.address]).toEqual(['checking', B]);
    all.b.addHost(all.net, LATE);
    all.a.agent.addRemote([candidate(LATE.address, LATE.port)], true);
    all.net.clock.advance(2_000);
    expect([all.a.agent.state, all.a.target]).toEqual(['connected', LATE]);
  });

  it('of a kind that works already need not wait', () => {
    const all = two();
    all.b.addHost(all.net, { ...LATE, port: 7000 });
    const [first] = all.b.ice.candidates;
    if (!first) return expect.fail('no candidate');
    all.b.hears(all.a.ice);
    all.a.hears({ ...open(all.b.ice), candidates: [{ ...first, type: 'srflx', priority: 50 }] });
    all.net.clock.advance(100);
    all.a.agent.addRemote([{ ...first, ...LATE, port: 7000, type: 'srflx', priority: 40 }], false);
    expect(all.a.agent.snapshot().pairs.map(({ state }) => state)).toEqual(['succeeded', 'in-progress']);
  });
});

describe('a hostile peer', () => {
  it('cannot have us check more than forty candidates, however many it tells and when', () => {
    const all = two();
    all.a.hears(bare(all.b.ice));
    for (let i = 0; i < 1_000; i++) {
      all.a.agent.addRemote([candidate('192.0.2.9', 1_000 + i, { foundation: `f${i}` })], false);
      all.net.clock.advance(10);
    }
    all.net.clock.advance(120_000);
    expect(all.a.agent.snapshot().remote).toHaveLength(40);
    expect(all.a.agent.snapshot().pairs.length).toBeLessThanOrEqual(MAX_PAIRS);
    expect(all.net.sent.length).toBeLessThanOrEqual(40 * 6);
    expect(all.net.clock.waiting).toBe(0);
  });

  it('cannot lead us to where nothing may go', () => {
    const all = two({ mayReach: ({ port }) => port !== 5060 });
    all.a.hears(bare(all.b.ice));
    all.a.agent.addRemote([candidate(B, 5060)], true);
    all.net.clock.advance(60_000);
    expect(all.net.sent).toEqual([]);
  });
});
