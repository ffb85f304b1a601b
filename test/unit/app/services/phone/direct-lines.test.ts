/** By which family of addresses an account without a registrar calls. */
import { expect, it } from 'vitest';
import { lineTo } from '../../../../../app/services/phone/direct-lines.ts';
import type { RegId } from '../../../../../app/shared/phone-port.ts';
import type { ServerHop } from '../../../../../proxy-core/server/failed-hops.ts';

const hop = (host: string, server?: string): ServerHop => ({ transport: 'UDP', host, port: 5060, server });
const [FOUR, SIX] = ['192.0.2.1', '2001:db8::1'];

it.each<[string, ServerHop[], RegId[], RegId]>([
  ['IPv4 where there is both', [hop(SIX), hop(FOUR)], [1, 2], 1],
  ['IPv6 where there is nothing else', [hop(SIX)], [1, 2], 2],
  ['IPv6 where this computer has no IPv4', [hop(FOUR), hop(SIX)], [2], 2],
  ['what the first server has, whatever the next', [hop(SIX, 'a'), hop(FOUR, 'b')], [1, 2], 2],
  ['the next server where the first cannot be reached', [hop(SIX, 'a'), hop(FOUR, 'b')], [1], 1],
  ['the first line where nothing was found', [], [1, 2], 1],
])('%s', (_what, hops, open, line) => {
  expect(lineTo(hops, (regId) => open.includes(regId))).toBe(line);
});
