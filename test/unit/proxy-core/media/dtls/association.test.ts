/** Two ends of a DTLS association over a wire that a stranger may sit on. */

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DtlsClient, DtlsServer } from 'werift';
import { DtlsAssociation, fingerprintOf, looksLikeDtls } from '../../../../../proxy-core/media/dtls/association.ts';
import type { MasterKey } from '../../../../../proxy-core/media/srtp/srtp.ts';
import { type Certificate, createCertificate } from '../../../../../proxy-core/media/window-transport.ts';
import { until } from '../../../../support/until.ts';

const FROM = { address: '127.0.0.1', port: 9 };

let ours: Certificate;
let theirs: Certificate;
let stranger: Certificate;

beforeAll(async () => {
  [ours, theirs, stranger] = await Promise.all([createCertificate(), createCertificate(), createCertificate()]);
});

type Keys = readonly [MasterKey, MasterKey];
type Wire = (data: Buffer, towards: 'client' | 'server') => readonly Buffer[];
const associations: DtlsAssociation[] = [];

afterEach(() => {
  for (const association of associations.splice(0)) association.close();
});

/** @param wire what becomes of each datagram. */
function joined({ wire = (data) => [data], expected = theirs }: { wire?: Wire; expected?: Certificate } = {}) {
  const keys: { client?: Keys; server?: Keys } = {};
  const ends: { client?: DtlsAssociation; server?: DtlsAssociation } = {};
  const open = (role: 'client' | 'server', certificate: Certificate, peer: Certificate): DtlsAssociation => {
    const towards = role === 'client' ? 'server' : 'client';
    const association = new DtlsAssociation({
      role,
      certificate,
      fingerprints: [fingerprintOf(peer)],
      send: (data) => {
        for (const piece of wire(data, towards)) setImmediate(() => ends[towards]?.received(piece, FROM));
      },
      established: (local, remote) => {
        keys[role] = [local, remote];
      },
    });
    associations.push(association);
    ends[role] = association;
    return association;
  };
  open('server', theirs, ours);
  open('client', ours, expected);
  return { keys, ends };
}

const settled = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('an association', () => {
  it('gives both ends the same keys, each for the other way', async () => {
    const { keys } = joined();
    await until('keys at both ends', () => keys.client && keys.server);
    expect(keys.client?.[0].suite.name).toBe('AEAD_AES_128_GCM');
    expect(keys.client?.[0].material).toEqual(keys.server?.[1].material);
    expect(keys.client?.[1].material).toEqual(keys.server?.[0].material);
    expect(keys.client?.[0].material).toHaveLength(28);
    expect(keys.client?.[0].material).not.toEqual(keys.client?.[1].material);
  });

  it.each([1, 2, 3, 4, 5, 6])('comes about although datagram %i is lost, and another comes twice', async (lost) => {
    let count = 0;
    const { keys } = joined({
      wire: (data) => {
        count += 1;
        return count === lost ? [] : count === lost + 1 ? [data, data] : [data];
      },
    });
    await until('keys at both ends', () => keys.client && keys.server, 8000);
    expect(keys.client?.[0].material).toEqual(keys.server?.[1].material);
  });

  it('is not made with somebody whose certificate is not the one of the description', async () => {
    const { keys } = joined({ expected: stranger });
    await settled();
    expect(keys.client).toBeUndefined();
    expect(keys.server).toBeUndefined();
  });

  it('stands when somebody sends rubbish, or begins another on top of it', async () => {
    const { keys, ends } = joined();
    await until('keys at both ends', () => keys.client && keys.server);
    const [before] = keys.server ?? [];
    for (const junk of [Buffer.alloc(0), Buffer.from([22]), Buffer.alloc(13, 22), Buffer.alloc(400, 0x16)]) {
      ends.server?.received(junk, FROM);
      ends.client?.received(junk, FROM);
    }
    const hellos: Buffer[] = [];
    const other = new DtlsAssociation({
      role: 'client',
      certificate: stranger,
      fingerprints: [fingerprintOf(theirs)],
      send: (data) => hellos.push(data),
      established: () => expect.fail('with a stranger'),
    });
    associations.push(other);
    await until('a hello', () => hellos.length > 0);
    for (const hello of hellos) ends.server?.received(hello, FROM);
    await settled();
    expect(keys.server?.[0]).toBe(before);
  });
});

/** The certificate of one and the key of another, as somebody has who only overheard a handshake. */
async function impostor(
  role: 'client' | 'server',
): Promise<{ received: (data: Buffer) => void; connect: () => void; onSend: (to: (data: Buffer) => void) => void }> {
  let deliver = (_data: Buffer): void => undefined;
  const transport = {
    type: 'udp',
    address: { address: '', port: 0, family: '' },
    closed: false,
    onData: (_data: Buffer, _from: readonly [string, number]): void => undefined,
    send: async (data: Buffer) => deliver(data),
    close: async () => undefined,
  };
  const Socket = role === 'client' ? DtlsClient : DtlsServer;
  const socket = new Socket({
    transport,
    cert: theirs.certPem,
    key: stranger.privateKey,
    signatureHash: stranger.signatureHash,
    srtpProfiles: [7, 1],
    extendedMasterSecret: true,
    certificateRequest: role === 'server',
  });
  return {
    received: (data) => transport.onData(data, ['127.0.0.1', 9]),
    connect: () => {
      if (socket instanceof DtlsClient) socket.connect().catch(() => undefined);
    },
    onSend: (to) => {
      deliver = to;
    },
  };
}

describe('somebody with a copied certificate but not its key', () => {
  it.each(['client', 'server'] as const)('gets no keys as the %s', async (role) => {
    const other = await impostor(role);
    let established = false;
    const association = new DtlsAssociation({
      role: role === 'client' ? 'server' : 'client',
      certificate: ours,
      fingerprints: [fingerprintOf(theirs)],
      send: (data) => setImmediate(() => other.received(data)),
      established: () => {
        established = true;
      },
    });
    associations.push(association);
    let seen = 0;
    other.onSend((data) => {
      seen += 1;
      setImmediate(() => association.received(data, FROM));
    });
    other.connect();
    await until('the impostor to have tried', () => seen >= 2);
    await settled();
    expect(established).toBe(false);
  });
});

it('tells DTLS from RTP and STUN by the first byte', () => {
  expect([0, 1, 19, 20, 22, 63, 64, 128, 191].map((byte) => looksLikeDtls(Buffer.from([byte])))).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(looksLikeDtls(Buffer.alloc(0))).toBe(false);
});
