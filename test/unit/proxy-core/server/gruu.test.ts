import { describe, expect, test } from 'vitest';
import { nodeHashes } from '../../../../proxy-core/node/hashes.ts';
import { Gruus } from '../../../../proxy-core/server/gruu.ts';
import { aorOf, type User } from '../../../../proxy-core/server/stores.ts';
import { parseUri, type SipUri } from '../../../../proxy-core/sip/grammar/uri.ts';
import { bindingOf } from '../../../support/memory-stores.ts';

const DOMAIN = 'office.example';
const gruus = new Gruus('secret', nodeHashes.sha256);
const user = (number: string): User => ({ number, domain: DOMAIN, name: '', ha1Md5: '', ha1Sha256: '' });
const device = (parts = {}) => bindingOf(aorOf('1001', DOMAIN), 'sip:a@h', { instance: 'urn:uuid:1', ...parts });

function uri(text: string): SipUri {
  const parsed = parseUri(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error}`);
  return parsed.value;
}

describe('public', () => {
  test.each([
    ['urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
    ['urn:x;a=b?c&d%41', 'urn:x%3Ba%3Db%3Fc&d%2541'],
  ])('names user and instance %s', (instance, written) => {
    const text = gruus.publicOf(user('1001'), instance);
    expect(text).toBe(`sip:1001@${DOMAIN};gr=${written}`);
    const target = gruus.read(uri(text), DOMAIN);
    expect(target).toMatchObject({ number: '1001', isTemporary: false });
    expect(target?.matches(device({ instance }))).toBe(true);
    expect(target?.matches(device({ instance: 'urn:uuid:2' }))).toBe(false);
    expect(target?.matches(device({ instance: '' }))).toBe(false);
  });
});

describe('temporary', () => {
  const of = (number: string, parts = {}): string => gruus.temporaryOf(user(number), device(parts));

  test.each(['1', '1001', '123456789012345', '1234567890123456', 'x'.repeat(64)])('finds %s again', (number) => {
    const text = of(number);
    expect(text).toMatch(/^sip:tgruu\.[0-9a-f]+@office\.example;gr$/);
    const target = gruus.read(uri(text), DOMAIN);
    expect(target).toMatchObject({ number, isTemporary: true });
    expect(target?.matches(device())).toBe(true);
  });

  test('is good for its own instance and Call-ID only, whatever the CSeq and the flow are', () => {
    const target = gruus.read(uri(of('1001', { cseq: 7 })), DOMAIN);
    expect(target?.matches(device({ cseq: 90, regId: 2, contact: 'sip:b@h' }))).toBe(true);
    expect(target?.matches(device({ callId: 'another' }))).toBe(false);
    expect(target?.matches(device({ instance: 'urn:uuid:2' }))).toBe(false);
    expect(target?.matches(device({ instance: '' }))).toBe(false);
  });

  test('tells nobody whose it is: no two have anything in common, and all are equally long', () => {
    const some = ['1001', '1002', '15'].flatMap((number) => [1, 2, 3].map((cseq) => of(number, { cseq })));
    const bodies = some.map((text) => text.slice('sip:tgruu.'.length, text.indexOf('@')));
    expect(new Set(bodies.map((body) => body.length)).size).toBe(1);
    const blocks = bodies.flatMap((body) => body.match(/.{8}/g) ?? []);
    expect(new Set(blocks).size).toBe(blocks.length);
    for (const body of bodies) expect(body).not.toContain(Buffer.from('1001').toString('hex'));
  });

  test('cannot be changed, made up, or taken to another domain', () => {
    const text = of('1001');
    const at = text.indexOf('@');
    for (let i = 'sip:tgruu.'.length; i < at; i++) {
      const digit = text[i] === '0' ? '1' : '0';
      expect(gruus.read(uri(text.slice(0, i) + digit + text.slice(i + 1)), DOMAIN)).toBeUndefined();
    }
    expect(gruus.read(uri(text), 'other.example')).toBeUndefined();
    expect(new Gruus('another secret', nodeHashes.sha256).read(uri(text), DOMAIN)).toBeUndefined();
    for (const bad of ['1001', 'tgruu.', 'tgruu.zz', `tgruu.${'0'.repeat(1000)}`, 'tgruu.00']) {
      expect(gruus.read(uri(`sip:${bad}@${DOMAIN};gr`), DOMAIN)).toBeUndefined();
    }
  });
});
