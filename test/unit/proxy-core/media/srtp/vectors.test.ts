/** The RFCs' own numbers: key derivation and whole packets, made and opened. */
import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CounterMode } from '../../../../../proxy-core/media/srtp/counter-mode.ts';
import { GaloisMode } from '../../../../../proxy-core/media/srtp/galois-mode.ts';
import { derive, type SessionKeys } from '../../../../../proxy-core/media/srtp/session-keys.ts';
import { suiteNamed } from '../../../../../proxy-core/media/srtp/suites.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
const suite = (name: string) => suiteNamed(name) ?? expect.fail(`no suite ${name}`);
const NONE = Buffer.alloc(0);

describe('key derivation', () => {
  it.each([
    {
      source: 'RFC 3711 B.3',
      key: 'E1F97A0D3E018BE0D64FA32C06DE4139',
      salt: '0EC675AD498AFEEBB6960B3AABE6',
      cipher: 'C61E7A93744F39EE10734AFE3FF7A087',
      sessionSalt: '30CBBC08863D8C85D49DB34A9AE1',
      authentication: 'CEBE321F6FF7716B6FD4AB49AF256A156D38BAA4',
    },
    {
      source: 'RFC 6188 §7.2',
      key: 'f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6',
      salt: '3b04803de51ee7c96423ab5b78d2',
      cipher: '5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4',
      sessionSalt: 'fa31791685ca444a9e07c6c64e93',
      authentication: 'fd9c32d39ed5fbb5a9dc96b30818454d1313dc05',
    },
  ])('is that of $source', ({ key, salt, cipher, sessionSalt, authentication }) => {
    const master = bytes(key);
    expect(derive(master, bytes(salt), 0, master.length)).toEqual(bytes(cipher));
    expect(derive(master, bytes(salt), 1, 20)).toEqual(bytes(authentication));
    expect(derive(master, bytes(salt), 2, 14)).toEqual(bytes(sessionSalt));
  });
});

describe('counter mode', () => {
  // The packets of libsrtp's own test driver, under the master key of RFC 3711 B.3.
  const cipher = new CounterMode(
    suite('AES_CM_128_HMAC_SHA1_80'),
    bytes('e1f97a0d3e018be0d64fa32c06de41390ec675ad498afeebb6960b3aabe6'),
    NONE,
  );

  it('makes and opens an RTP packet', () => {
    const plain = bytes('800f1234decafbadcafebabe abababababababababababababababab');
    const wire = bytes('800f1234decafbadcafebabe 4e55dc4ce79978d88ca4d215949d2402 b78d6acc99ea179b8dbb');
    expect(cipher.sealRtp(plain, 12, 0xcafebabe, 0x1234)).toEqual(wire);
    expect(cipher.openRtp(wire, 12, 0xcafebabe, 0x1234)).toEqual(plain);
  });

  it('makes and opens an RTCP packet', () => {
    const plain = bytes('81c8000bcafebabe abababababababababababababababab');
    const wire = bytes('81c8000bcafebabe 7128035be487b9bdbef89041f977a5a8 80000001 993e08cd54d6c1230798');
    expect(cipher.sealRtcp(plain, 0xcafebabe, 1)).toEqual(wire);
    expect(cipher.openRtcp(wire, 0xcafebabe)).toEqual(plain);
  });
});

describe('Galois/counter mode (RFC 7714 §16, §17)', () => {
  const SHORT = '000102030405060708090a0b0c0d0e0f';
  const LONG = `${SHORT}101112131415161718191a1b1c1d1e1f`;
  const RTP = '8040f17b8041f8d35501a0b2 47616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573';
  const RTCP =
    '81c8000d4d617273 4e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef';

  /** The vectors give session keys, not master keys. */
  function withKey(name: string, key: string): GaloisMode {
    const keys: SessionKeys = {
      cipher: createSecretKey(bytes(key)),
      authentication: createSecretKey(bytes('00')),
      salt: bytes('517569642070726f2071756f'),
    };
    return new GaloisMode(suite(name), NONE, NONE, { rtp: keys, rtcp: keys });
  }

  it.each([
    [
      'AEAD_AES_128_GCM',
      SHORT,
      'f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce',
    ],
    [
      'AEAD_AES_256_GCM',
      LONG,
      '32b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13',
    ],
  ])('makes and opens an RTP packet with %s', (name, key, sealed) => {
    const cipher = withKey(name, key);
    const wire = Buffer.concat([bytes(RTP).subarray(0, 12), bytes(sealed)]);
    expect(cipher.sealRtp(bytes(RTP), 12, 0x5501a0b2, 0xf17b)).toEqual(wire);
    expect(cipher.openRtp(wire, 12, 0x5501a0b2, 0xf17b)).toEqual(bytes(RTP));
  });

  it.each([
    [
      'AEAD_AES_128_GCM',
      SHORT,
      '63e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade',
    ],
    [
      'AEAD_AES_256_GCM',
      LONG,
      'd50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be',
    ],
  ])('makes and opens an RTCP packet with %s', (name, key, sealed) => {
    const cipher = withKey(name, key);
    const wire = bytes(`81c8000d4d617273${sealed}800005d4`);
    expect(cipher.sealRtcp(bytes(RTCP), 0x4d617273, 0x5d4)).toEqual(wire);
    expect(cipher.openRtcp(wire, 0x4d617273)).toEqual(bytes(RTCP));
  });

  it('opens an RTCP packet that is only authenticated', () => {
    const wire = bytes(`${RTCP}841dd9683dd78ec92ae58790125f62b3000005d4`);
    expect(withKey('AEAD_AES_128_GCM', SHORT).openRtcp(wire, 0x4d617273)).toEqual(bytes(RTCP));
  });
});
