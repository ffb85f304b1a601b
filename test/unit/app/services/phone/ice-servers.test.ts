import { expect, it } from 'vitest';
import { findIceServers } from '../../../../../app/services/phone/ice-servers.ts';
import { callDefaults } from '../../../../../app/shared/call-settings.ts';

const foundOf = (change: Partial<typeof callDefaults>, family: 4 | 6 = 4) =>
  findIceServers({ ...callDefaults, ...change }, 'secret', family, true);
const find = async (...args: Parameters<typeof foundOf>) => (await foundOf(...args)).servers;

it.each([
  ['127.0.0.1', { address: '127.0.0.1', port: 3478 }],
  [' 127.0.0.1:5000 ', { address: '127.0.0.1', port: 5000 }],
  ['192.0.2.1', undefined],
  ['stun.example', undefined],
  ['', undefined],
  ['a b', undefined],
])('%j, with --loopback', async (stunServer, stun) => {
  expect(await find({ stunServer })).toEqual({ stun, turn: undefined });
});

it('is none where the family is another', async () => {
  expect((await find({ stunServer: '[::1]:5000' }, 6)).stun).toEqual({ address: '::1', port: 5000 });
  expect((await find({ stunServer: '127.0.0.1' }, 6)).stun).toBeUndefined();
});

it('knows the usual ports of relays, and who we are there', async () => {
  const relay = { turnServer: '127.0.0.1', turnUser: 'anna' };
  expect((await find(relay)).turn).toEqual({
    endpoint: { address: '127.0.0.1', port: 3478 },
    transport: 'udp',
    name: '127.0.0.1',
    username: 'anna',
    password: 'secret',
  });
  expect((await find({ ...relay, turnTransport: 'tls' })).turn?.endpoint.port).toBe(5349);
});

it('tells of a name that is not there, and of nothing else', async () => {
  const servers = { ...callDefaults, stunServer: 'stun.example', turnServer: 'nowhere.example' };
  const found = await findIceServers(servers, '', 4, false, async (name) => {
    if (name === 'nowhere.example') throw new Error('ENOTFOUND');
    return { address: '192.0.2.1', family: 4 };
  });
  expect([found.servers.stun?.address, found.servers.turn, found.trouble]).toEqual([
    '192.0.2.1',
    undefined,
    'The TURN server nowhere.example cannot be found.',
  ]);
  expect((await foundOf({ stunServer: '[::1]' })).trouble).toBe('');
});
