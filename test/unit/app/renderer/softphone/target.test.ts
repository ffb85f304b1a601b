import { describe, expect, it } from 'vitest';
import { readAccount } from '../../../../../app/renderer/softphone/account-address.ts';
import { pageHashes } from '../../../../../app/renderer/softphone/browser-ports.ts';
import { microphoneProblem } from '../../../../../app/renderer/softphone/microphone.ts';
import { instanceOf } from '../../../../../app/renderer/softphone/registration/whereabouts.ts';
import { callFailure, registerFailure, retryAfterMs } from '../../../../../app/renderer/softphone/status-words.ts';
import { readTarget } from '../../../../../app/renderer/softphone/target.ts';
import { readServer } from '../../../../../app/shared/server-address.ts';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import { parseUri } from '../../../../../proxy-core/sip/grammar/uri.ts';
import { account } from './phone-world.ts';

const read = readAccount({ ...account, server: 'office.example' });
if (!read.ok) throw new Error(read.reason);
const address = read.value;

describe('what a person types to call', () => {
  it.each([
    ['1002', 'sip:1002@office.example', '1002'],
    [' +49 (30) 123-45 ', 'sip:+493012345@office.example', '+493012345'],
    ['*21#', 'sip:*21%23@office.example', '*21#'],
    ['tel:+4930123', 'sip:+4930123@office.example', '+4930123'],
    ['anna', 'sip:anna@office.example', 'anna'],
    ['jürgen', 'sip:j%C3%BCrgen@office.example', 'jürgen'],
    ['bob@other.example', 'sip:bob@other.example', 'bob'],
    ['jürgen@other.example', 'sip:j%C3%BCrgen@other.example', 'jürgen'],
    ['SIP:bob@127.0.0.2:5071', 'sip:bob@127.0.0.2:5071', 'bob'],
    ['sip:bob@x;transport=tcp?Subject=evil', 'sip:bob@x;transport=tcp', 'bob'],
    ['sip:bob:secret@x', 'sip:bob@x', 'bob'],
    ['sip:host.example', 'sip:host.example', 'host.example'],
    ['bob@[::1]:5070', 'sip:bob@[::1]:5070', 'bob'],
    ['SIPS:bob@x;transport=tcp', 'sips:bob@x;transport=tcp', 'bob'],
  ])('%j becomes %s', (typed, uri, number) => {
    expect(readTarget(typed, address)).toEqual({ ok: true, value: { uri, number } });
    expect(parseUri(uri).ok).toBe(true);
  });

  it.each([
    [''],
    ['   '],
    ['@x'],
    ['bob@'],
    ['bob smith'],
    ['bob@x y'],
    ['mailto:bob'],
    ['https://x'],
    ['bob@x:99999'],
    ['bob@x<script>'],
    ['bob@x\r\nVia: y'],
    ['a'.repeat(600)],
    ['sip:'],
  ])('%j is refused with a sentence', (typed) => {
    const refused = readTarget(typed, address);
    expect(refused.ok === false && refused.reason).toMatch(/^.{10,}\.$/s);
  });
});

describe('what a person types as server', () => {
  it.each([
    ['office.example', 'office.example', undefined, undefined],
    [' Office.Example ', 'office.example', undefined, undefined],
    ['127.0.0.1:5070', '127.0.0.1', 5070, undefined],
    ['sip:office.example:5070;transport=tcp', 'office.example', 5070, 'TCP'],
    ['sip:office.example;transport=UDP', 'office.example', undefined, 'UDP'],
    ['[::1]:5060', '[::1]', 5060, undefined],
    ['localhost', 'localhost', undefined, undefined],
    ['office.example;transport=tcp', 'office.example', undefined, 'TCP'],
    ['sips:office.example', 'office.example', undefined, 'TLS'],
    ['sips:office.example;transport=ws', 'office.example', undefined, 'WSS'],
    ['sip:office.example;transport=tls;lr', 'office.example', undefined, 'TLS'],
    ['ws://office.example:8080', 'office.example', 8080, 'WS'],
    ['wss://[::1]', '[::1]', undefined, 'WSS'],
  ])('%j is read', (typed, host, port, transport) => {
    const isSips = typed.startsWith('sips:') ? { isSips: true } : {};
    expect(readServer(typed)).toEqual({ ok: true, value: { host, port, transport, path: '/', ...isSips } });
  });

  it.each([
    [''],
    ['a b'],
    ['http://office.example'],
    ['office.example:0'],
    ['office.example:70000'],
    ['office.example:x'],
    ['sip:office.example;transport=sctp'],
    ['sips:office.example;transport=udp'],
    ['wss://office.example/a b'],
    ['wss://office.example/?x'],
    ['[::1'],
    ['::1'],
    ['-x.example'],
    ['x..y'],
    ['<x>'],
  ])('%j is refused with a sentence', (typed) => {
    const refused = readServer(typed);
    expect(refused.ok === false && refused.reason).toMatch(/^.{10,}\.$/s);
  });

  it('gives the addresses that follow from it', () => {
    const made = readAccount({ ...account, server: 'sip:127.0.0.1:5070;transport=tcp', outboundProxy: '127.0.0.2' });
    expect(made).toEqual({
      ok: true,
      value: {
        user: '1001',
        domain: '127.0.0.1:5070',
        registrar: 'sip:127.0.0.1:5070;transport=tcp',
        aor: 'sip:1001@127.0.0.1:5070',
        routes: ['<sip:127.0.0.2;lr>'],
        secure: false,
        routesForAll: true,
      },
    });
    expect(readAccount({ ...account, number: ' ' }).ok).toBe(false);
    expect(readAccount({ ...account, outboundProxy: 'tls:x' }).ok).toBe(false);
  });
});

describe('words', () => {
  it('exist for every status that ends a call or a registration, without a gap left in them', () => {
    for (let status = 300; status < 700; status++) {
      for (const words of [callFailure(status, 'Bob'), registerFailure(status, '1001').reason]) {
        expect(words).toMatch(/^[A-Z0-9].{8,}[.!]$/);
        expect(words).not.toMatch(/[{}]|undefined/);
      }
    }
  });

  it.each([
    ['5', 5_000],
    ['120 (I am in a meeting)', 120_000],
    ['18000;duration=3600', 600_000],
    ['soon', undefined],
    ['-3', undefined],
    [undefined, undefined],
  ])('Retry-After %j is %s ms', (value, ms) => {
    expect(retryAfterMs(value)).toBe(ms);
  });

  it.each([
    ['NotAllowedError', /allow/],
    ['NotFoundError', /no microphone/],
    ['NotReadableError', /another program/],
    ['TypeError', /cannot be used: why/],
  ])('a microphone that fails with %s is explained', (name, words) => {
    expect(microphoneProblem(Object.assign(new Error('why'), { name }))).toMatch(words);
  });
});

describe("a page's hashes", () => {
  it.each([[''], ['abc'], ['\x00\xff\x80'], ['1001:office:s\xc3\xa9cret']])('of %j are those of Node', (bytes) => {
    expect(pageHashes.md5(bytes)).toBe(nodeHashes.md5(bytes));
    expect(pageHashes.sha256(bytes)).toBe(nodeHashes.sha256(bytes));
  });

  it('give an account the same instance each time', () => {
    expect(instanceOf('acc-1', pageHashes)).toBe(instanceOf('acc-1', nodeHashes));
    expect(instanceOf('acc-1', nodeHashes)).toMatch(
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(instanceOf('acc-2', nodeHashes)).not.toBe(instanceOf('acc-1', nodeHashes));
  });
});
