/** Whatever stands in the messages, to look at them never fails, never shows a password's proof and never takes long. */
import { expect, test } from 'vitest';
import { packetsOf } from '../../../../../proxy-core/node/trace/pcap/capture.ts';
import { pcapng } from '../../../../../proxy-core/node/trace/pcap/pcapng.ts';
import { CallList } from '../../../../../proxy-core/server/trace/calls.ts';
import { ladderOf } from '../../../../../proxy-core/server/trace/ladder.ts';
import { findMessages } from '../../../../../proxy-core/server/trace/select.ts';
import { shownWire } from '../../../../../proxy-core/server/trace/text.ts';
import { whyAddress, whyCall, whyUser } from '../../../../../proxy-core/server/why/explain.ts';
import { mutate } from '../../../../fuzz/mutate.ts';
import { seeds } from '../../../../fuzz/seeds.ts';
import { chance } from '../../../../support/rough-network.ts';
import { ANNA, DOMAIN, TraceScript } from '../../../../support/trace-script.ts';
import { factsOf } from '../../../../support/why-facts.ts';
import { calls } from './cases/calls.ts';
import { entrance } from './cases/entrance.ts';
import { ways } from './cases/ways.ts';

const cases = [...entrance, ...calls, ...ways];
const noise = seeds.flatMap((steps) => steps.flatMap((step) => (step.do === 'send' ? [step.wire] : [])));
const SECRET = 'f00dfeed'.repeat(4);
const PROOF = `Authorization: Digest username="1002", realm="${DOMAIN}", nonce="n", uri="sip:a", response="${SECRET}"\r\n`;

/** A story that a rule knows, with noise between and some of its messages spoilt. */
function spoilt(seed: number): TraceScript {
  const random = chance(seed + 1);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const script = new TraceScript();
  pick(cases).happened(script);
  for (let i = 0; i < 3; i++) script.in(ANNA, pick(noise));
  for (const [at, entry] of script.entries.entries()) {
    const wire = random() < 0.3 ? entry.wire.replace('\r\n', `\r\n${PROOF}`) : entry.wire;
    script.entries[at] = { ...entry, wire: random() < 0.3 ? mutate(wire, random) : wire };
  }
  return script;
}

test('spoilt messages of every kind are listed, drawn, written and explained', async () => {
  const keys = new Set<string>();
  for (let seed = 0; seed < 200; seed++) {
    const script = spoilt(seed);
    const read = script.read();
    const facts = factsOf(script);
    const list = new CallList();
    for (const one of read) list.add(one);
    const reasons = [...whyCall(facts), ...whyUser('1002', DOMAIN, facts), ...whyAddress(ANNA.host, facts)];
    for (const { key, text, todo } of reasons) {
      keys.add(key);
      expect(`${text}${todo}`, `seed ${seed}`).not.toMatch(/\p{Cc}/u);
    }
    const capture = pcapng(packetsOf(read), 'test').toString('latin1');
    const shown = JSON.stringify([ladderOf(read), list.newest(100), reasons, read.map((one) => shownWire(one))]);
    // What was spoilt may have lost the name of its secret; a whole header has not.
    const isWhole = script.entries.some(({ wire }) => wire.includes(PROOF));
    if (isWhole) expect(`${shown}${capture}`, `seed ${seed}`).not.toContain(`response="${SECRET}"`);
    await findMessages(script, { callId: read[0]?.callId ?? 'x', limit: 20 });
    await findMessages(script, { numbers: ['1002'], limit: 20 });
  }
  // It went as deep as the rules do.
  expect(keys.size).toBeGreaterThan(40);
});
