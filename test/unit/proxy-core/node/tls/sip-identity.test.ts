/** Whom a certificate speaks for (RFC 5922 §7.1, §7.2). */
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { PeerNames } from '../../../../../proxy-core/node/tls/sip-identity.ts';
import { makeCertificate } from '../../../../support/certificates.ts';

const names = (subjectaltname: string | undefined, CN: string | string[] = 'common.example'): PeerNames =>
  new PeerNames({ subject: { CN } as never, subjectaltname: subjectaltname as never });

describe('a certificate', () => {
  it.each<[string, string | undefined, readonly string[], readonly string[]]>([
    [
      'with DNS names',
      'DNS:a.example, DNS:B.example',
      ['a.example', 'A.EXAMPLE.', 'b.example'],
      ['common.example', 'c'],
    ],
    ['with a SIP URI', 'URI:sip:a.example, DNS:b.example', ['a.example'], ['b.example', 'common.example']],
    ['with a SIPS URI only', 'URI:sips:a.example, DNS:b.example', ['b.example'], ['a.example']],
    ['with a person', 'URI:sip:bob@a.example, DNS:b.example', ['b.example'], ['a.example', 'bob@a.example']],
    ['with another scheme', 'URI:https://a.example, DNS:b.example', ['b.example'], ['a.example']],
    ['with a wildcard', 'DNS:*.example', [], ['a.example', 'example']],
    ['with no alternative names', undefined, ['common.example'], ['a.example']],
    ['with alternative names of other kinds', 'email:a@a.example', [], ['a.example', 'common.example']],
    [
      'with addresses',
      'IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1',
      ['192.0.2.1', '[2001:db8::1]'],
      ['192.0.2.2'],
    ],
    [
      'with a DNS name that looks like another entry',
      'DNS:"a.example, DNS:evil.example"',
      [],
      ['evil.example', 'a.example'],
    ],
    ['with a broken quotation', 'DNS:"a.example, DNS:b.example', [], ['b.example']],
  ])('%s', (_name, alternatives, yes, no) => {
    const peer = names(alternatives);
    expect(yes.filter((name) => !peer.includes(name))).toEqual([]);
    expect(no.filter((name) => peer.includes(name))).toEqual([]);
  });

  it('with several common names speaks for each', () => {
    const peer = names(undefined, ['a.example', 'b.example']);
    expect([peer.includes('a.example'), peer.includes('b.example')]).toEqual([true, true]);
  });

  it('is read as Node writes it', async () => {
    const { cert } = await makeCertificate({ names: ['b.example', '2001:db8::1'], uris: ['sip:a.example'] });
    const peer = new PeerNames({
      subject: {} as never,
      subjectaltname: new X509Certificate(cert).subjectAltName as never,
    });
    expect([peer.includes('a.example'), peer.includes('2001:db8::1'), peer.includes('b.example')]).toEqual([
      true,
      true,
      false,
    ]);
    expect(String(peer)).toBe('a.example, 2001:db8::1');
  });
});
