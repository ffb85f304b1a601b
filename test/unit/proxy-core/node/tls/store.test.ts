/** Certificates in files: made, read, replaced, and refused with a sentence. */
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TlsFiles } from '../../../../../proxy-core/node/tls/files.ts';
import { selfMadeCertificate } from '../../../../../proxy-core/node/tls/self-made.ts';
import { openTls, type TlsStore } from '../../../../../proxy-core/node/tls/store.ts';
import { makeAuthority, makeCertificate, type Pem } from '../../../../support/certificates.ts';
import { until } from '../../../../support/until.ts';

let dir: string;
let told: string[];
const stores: TlsStore[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tandem-tls-'));
  told = [];
});
afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  rmSync(dir, { recursive: true, force: true });
});

const NAMES = ['example.org', '127.0.0.1', '::1'];

async function open(files: TlsFiles = {}, all = NAMES, needed = () => all.slice(0, 1)): Promise<TlsStore> {
  const log = { info: (text: string) => void told.push(text), warn: (text: string) => void told.push(`! ${text}`) };
  const store = await openTls({
    files,
    dataDir: dir,
    names: () => ({ all: [...new Set([...needed(), ...all])], needed: needed() }),
    log,
    checkMs: 10,
  });
  stores.push(store);
  return store;
}

const at = (name: string): string => join(dir, name);
function put(name: string, text: string): string {
  writeFileSync(at(`${name}.new`), text);
  renameSync(at(`${name}.new`), at(name));
  return at(name);
}
const putPair = ({ cert, key }: Pem): TlsFiles => ({ key: put('key.pem', key), cert: put('cert.pem', cert) });

describe('without files', () => {
  it('a certificate is made once, for all names, its key for nobody else to read', async () => {
    const first = await open();
    const made = new X509Certificate(first.credentials.cert);
    expect([made.checkHost('example.org'), made.checkIP('127.0.0.1'), made.checkIP('::1')]).not.toContain(undefined);
    expect(Date.parse(made.validTo) - Date.now()).toBeGreaterThan(5 * 365 * 24 * 3_600_000);
    expect(first.credentials.isSelfMade).toBe(true);
    expect(statSync(at('tls-key.pem')).mode & 0o777).toBe(0o600);
    expect(told.join()).toContain('A certificate was made for example.org');
    expect(told.join()).toContain(made.fingerprint256);
    told.length = 0;
    const second = await open();
    expect(second.credentials).toEqual(first.credentials);
    expect(told).toEqual([]);
    await open({}, [...NAMES, 'new.example']);
    expect(told).toEqual(['The certificate does not name new.example.']);
  });

  it('it is made again shortly before it ends', async () => {
    const now = (days: number) => (): number => Date.now() + days * 24 * 3_600_000;
    const made = await selfMadeCertificate(dir, NAMES, []);
    const before = readFileSync(made.cert, 'latin1');
    expect((await selfMadeCertificate(dir, NAMES, [], now(3_600))).isNew).toBe(false);
    expect((await selfMadeCertificate(dir, NAMES, [], now(3_630))).isNew).toBe(true);
    expect(readFileSync(made.cert, 'latin1')).not.toBe(before);
  });

  it('it is made again for a new domain: at the next start, and while the exchange runs', async () => {
    const first = await open();
    for (const store of stores.splice(0)) store.close();
    let domains = ['example.org', 'second.example'];
    const second = await open({}, NAMES, () => domains);
    expect(second.credentials.cert).not.toBe(first.credentials.cert);
    const heard: string[] = [];
    second.onChange(({ cert }) => void heard.push(cert));
    domains = [...domains, 'third.example'];
    await until('the change', () => heard.length > 0);
    const { cert } = second.credentials;
    expect(domains.filter((name) => new X509Certificate(cert).checkHost(name) === undefined)).toEqual([]);
    domains = ['third.example'];
    await open({}, NAMES, () => domains);
    expect(readFileSync(at('tls-cert.pem'), 'latin1')).toBe(cert);
  });

  it('one that somebody made himself is left alone, whatever it lacks', async () => {
    const { cert, key } = await makeCertificate({ names: ['other.example'], ends: new Date(Date.now() + 1000) });
    put('tls-cert.pem', cert);
    put('tls-key.pem', key);
    expect((await open()).credentials.cert).toBe(cert);
    expect(told.join()).toContain('does not name example.org');
  });

  it('one that somebody put there is taken as it is', async () => {
    const by = await makeAuthority();
    const { cert, key } = await makeCertificate({ names: NAMES, by, ends: new Date(Date.now() - 1000) });
    put('tls-cert.pem', cert);
    put('tls-key.pem', key);
    expect((await open()).credentials).toMatchObject({ cert, isSelfMade: false });
    expect(told.join()).toContain('! The certificate ended on');
  });

  it('a broken one is told, not replaced', async () => {
    put('tls-cert.pem', 'mine');
    put('tls-key.pem', 'mine');
    await expect(open()).rejects.toThrow(/tls-cert\.pem holds no certificate/);
    expect(readFileSync(at('tls-cert.pem'), 'utf8')).toBe('mine');
  });
});

describe('files that change', () => {
  it('are used from then on', async () => {
    const files = putPair(await makeCertificate({ names: NAMES }));
    const store = await open(files);
    const heard: string[] = [];
    store.onChange(({ cert }) => void heard.push(cert));
    const next = await makeCertificate({ names: NAMES });
    // The key comes after its certificate: what is there in between is told and not used.
    put('cert.pem', next.cert);
    await until('the word about it', () => told.some((text) => text.includes('does not belong')));
    expect(store.credentials.cert).not.toBe(next.cert);
    put('key.pem', next.key);
    await until('the change', () => store.credentials.cert === next.cert);
    expect(heard).toEqual([next.cert]);
  });

  it('may be links that are turned to others', async () => {
    const [first, second] = [await makeCertificate(), await makeCertificate()];
    for (const [name, pem] of Object.entries({ first, second })) {
      put(`${name}-cert.pem`, pem.cert);
      put(`${name}-key.pem`, pem.key);
    }
    const turn = (to: string): void => {
      for (const kind of ['key', 'cert']) {
        symlinkSync(at(`${to}-${kind}.pem`), at('link'));
        renameSync(at('link'), at(`${kind}.pem`));
      }
    };
    turn('first');
    const store = await open({ cert: at('cert.pem'), key: at('key.pem') });
    turn('second');
    await until('the change', () => store.credentials.cert === second.cert);
  });

  it.each([
    ['broken', (name: string) => put(name, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')],
    ['empty', (name: string) => put(name, '')],
    ['gone', (name: string) => rmSync(at(name))],
  ])('and are %s are told once and change nothing', async (_what, spoil) => {
    const pem = await makeCertificate();
    const store = await open(putPair(pem));
    const before = told.length;
    spoil('cert.pem');
    const sentence = await until('the word about it', () => told[before]);
    expect(sentence).toMatch(
      /^! The(re is no)? file .*cert\.pem.*\. The certificate that was there before stays in use\.$/,
    );
    expect(store.credentials.cert).toBe(pem.cert);
    put('cert.pem', pem.cert);
    await until('it to be used again', () => told[before + 1]);
    expect(told.slice(before + 1)).toEqual([
      `A new certificate is in use: ${at('cert.pem')}.`,
      expect.stringContaining('does not name'),
    ]);
  });
});

describe('files are refused in a sentence', () => {
  it.each<[string, (pem: Pem, other: Pem) => TlsFiles, RegExp]>([
    [
      'a certificate without a key',
      ({ cert }) => ({ cert: put('a', cert) }),
      /^A certificate and its key belong together/,
    ],
    [
      'a key without a certificate',
      ({ key }) => ({ key: put('a', key) }),
      /^A certificate and its key belong together/,
    ],
    ['no such file', ({ key }) => ({ cert: at('no'), key: put('a', key) }), /^There is no file .*no\.$/],
    ['a folder', ({ key }) => ({ cert: dir, key: put('a', key) }), /cannot be read \(EISDIR\)\.$/],
    [
      'no certificate',
      ({ key }) => ({ cert: put('b', 'x'), key: put('a', key) }),
      /b holds no certificate in PEM form/,
    ],
    ['no key', ({ cert }) => ({ cert: put('b', cert), key: put('a', 'x') }), /a holds no private key/],
    ['the key of another', ({ cert }, { key }) => ({ cert: put('b', cert), key: put('a', key) }), /does not belong to/],
    ['no authority', (pem) => ({ ...putPair(pem), clientCa: put('c', 'x') }), /c holds no certificate/],
    ['no authority for servers', (pem) => ({ ...putPair(pem), ca: put('c', 'x') }), /c holds no certificate/],
  ])('%s', async (_name, files, sentence) => {
    const [pem, other] = [await makeCertificate(), await makeCertificate()];
    await expect(open(files(pem, other))).rejects.toThrow(sentence);
  });
});
