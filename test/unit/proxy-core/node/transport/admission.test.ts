import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Admission } from '../../../../../proxy-core/node/transport/admission.ts';
import { STREAM_LIMITS } from '../../../../../proxy-core/node/transport/stream-limits.ts';

describe('connections', () => {
  const socket = (): Socket =>
    Object.assign(new EventEmitter(), {
      destroy(this: EventEmitter) {
        this.emit('close');
      },
    }) as unknown as Socket;

  it('are counted for each IPv4 address and each IPv6 network, and told', () => {
    const told: string[] = [];
    const limits = { ...STREAM_LIMITS, connectionsPerAddress: 1 };
    const admission = new Admission(limits, (sentence) => void told.push(sentence));
    const enter = (host: string): boolean => admission.enterFrom(socket(), host);
    expect(['192.0.2.1', '192.0.2.2', '2001:db8::1', '2001:db8:0:1::1'].map(enter)).toEqual([true, true, true, true]);
    expect(['192.0.2.1', '2001:db8::ffff:1', '2001:db8:0:1::2'].map(enter)).toEqual([false, false, false]);
    expect(told).toHaveLength(3);
  });

  it('are counted on link-local addresses too, whatever the interface is called', () => {
    const admission = new Admission({ ...STREAM_LIMITS, connectionsPerAddress: 1 }, () => {});
    expect([admission.enterFrom(socket(), 'fe80::1%br-lan'), admission.enterFrom(socket(), 'fe80::2%br-lan')]).toEqual([
      true,
      false,
    ]);
  });

  it('leave their place when they close', () => {
    const admission = new Admission({ ...STREAM_LIMITS, connections: 1, connectionsPerAddress: 1 }, () => {});
    const first = socket();
    expect([admission.enter(first, '::1'), admission.enterFrom(first, '::1'), admission.isFull]).toEqual([
      true,
      true,
      true,
    ]);
    expect(admission.enter(socket(), '192.0.2.1')).toBe(false);
    first.destroy();
    expect([admission.isFull, admission.enterFrom(socket(), '::1')]).toEqual([false, true]);
  });
});
