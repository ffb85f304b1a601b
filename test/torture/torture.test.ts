/** RFC 4475 and RFC 5118: how each message is read, what the exchange does with it, and that it lives on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { replyToMalformed } from '../../proxy-core/sip/message/build.ts';
import { parseMessage } from '../../proxy-core/sip/message/parse.ts';
import { PHONE, type SentPacket, STRANGER, WireOffice } from '../support/wire-office.ts';
import { type Fate, type TortureCase, view } from './case.ts';
import { OFFICE, rfc4475 } from './rfc4475.ts';
import { rfc5118 } from './rfc5118.ts';

const suites = [
  { name: 'rfc4475', cases: rfc4475, count: 49 },
  { name: 'rfc5118', cases: rfc5118, count: 12 },
];

describe.each(suites)('$name', ({ name, cases, count }) => {
  const folder = join(import.meta.dirname, name);
  const wireOf = ({ file, length }: TortureCase): string => {
    const wire = readFileSync(join(folder, `${file}.dat`), 'latin1');
    return length === undefined ? wire : wire.replace(/^Content-Length: \d+/m, `Content-Length: ${length}`);
  };

  test('is there as a whole', () => {
    const files = new Set(cases.map(({ file }) => `${file}.dat`));
    expect(files.size).toBe(count);
    expect(readdirSync(folder).sort()).toEqual([...files].sort());
  });

  test.each(cases)('$section $file is read', (row) => {
    const { reads, stranger } = row;
    const parsed = parseMessage(wireOf(row));
    if (reads !== 'refused') {
      if (!parsed.ok) throw new Error(parsed.error.reason);
      expect(view(parsed.value)).toMatchObject(reads);
      return;
    }
    if (parsed.ok) throw new Error('it was read');
    const reply = replyToMalformed(parsed.error, 'tag')?.slice(0, 11);
    expect(reply).toBe(stranger === 'dropped' ? undefined : `SIP/2.0 ${stranger}`);
  });

  test.each(cases)('$section $file: $stranger, else $proved. $why', async (row) => {
    const { stranger, proved = stranger } = row;
    for (const trusting of [false, true]) {
      const office = new WireOffice({ ...OFFICE, trusting });
      expect(fateOf(await office.receive(wireOf(row)))).toBe(trusting ? proved : stranger);
      expect(await office.isAlive()).toBe(true);
      // Nobody answers at the other end; in the end nothing of it is left.
      for (let minutes = 0; minutes < 10; minutes++) office.clock.advance(60_000);
      expect(office.open).toEqual({ client: 0, server: 0, open: 0 });
      expect(office.faults).toEqual([]);
    }
  });
});

/** The last word to the sender, else where it was sent on to. */
function fateOf(sent: readonly SentPacket[]): Fate {
  const back = sent.filter(({ hop }) => hop.host === STRANGER.host).map(({ wire }) => Number(wire.slice(8, 11)));
  const final = back.find((status) => status >= 200);
  if (final !== undefined) return final;
  const on = sent.find(({ hop }) => hop.host !== STRANGER.host);
  if (on === undefined) return 'dropped';
  const { host, port } = on.hop;
  return host === PHONE || host === '127.0.0.1' ? 'forwarded' : `sent to ${host} port ${port}`;
}
