import { expect, test } from 'vitest';
import { Gate } from '../../../../../proxy-core/server/guard/gate.ts';
import type { Guard } from '../../../../../proxy-core/server/guard/guard.ts';
import type { FlowId, Source } from '../../../../../proxy-core/sip/transport/port.ts';

test('only what the guard admits passes, and every end of a connection with whose it was', () => {
  const heard: unknown[] = [];
  const guard = {
    admits: (host: string) => host === '192.0.2.1',
    isBanned: (host: string) => host === '192.0.2.3',
  } as unknown as Guard;
  const gate = new Gate(guard, {
    received: (wire) => void heard.push(wire),
    flowClosed: (...end) => void heard.push(end),
  });
  const from = (host: string): Source => ({ transport: 'TLS', host, port: 5061, flow: 'f' as FlowId, listener: '' });
  gate.received('good', from('192.0.2.1'));
  gate.received('bad', from('192.0.2.2'));
  gate.flowClosed('f' as FlowId, from('192.0.2.2'));
  expect(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((host) => gate.refuses(host))).toEqual([false, false, true]);
  expect(heard).toEqual(['good', ['f', from('192.0.2.2')]]);
});
