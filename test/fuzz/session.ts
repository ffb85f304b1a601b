/**
 * A story of messages between a stranger, the exchange and the phone of a user, played against an exchange in memory, and
 * what must hold after each of them. Stories are plain data: what was found is kept in `corpus/` and played again.
 */
import { isIP } from 'node:net';
import { buildCancel, buildResponse } from '../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../proxy-core/sip/message/parse.ts';
import type { FlowId, Source } from '../../proxy-core/sip/transport/port.ts';
import { chance } from '../support/rough-network.ts';
import { PHONE, SELF, type SentPacket, STRANGER, WireOffice, type WireOfficeOptions } from '../support/wire-office.ts';
import { mutate } from './mutate.ts';

export type Step =
  /** Bytes from one of the two. */
  | { readonly do: 'send'; readonly wire: string; readonly from?: 'stranger' | 'phone'; readonly over?: 'UDP' | 'TCP' }
  /** The phone answers what it was sent last; `spoil` is the seed of changes to the answer. */
  | { readonly do: 'answer'; readonly status: number; readonly spoil?: number }
  /** The last bytes come again. */
  | { readonly do: 'again' }
  /** The stranger cancels, acknowledges or ends the INVITE that he sent last; `spoil` as above. */
  | { readonly do: 'cancel' | 'ack' | 'bye'; readonly spoil?: number }
  | { readonly do: 'pass'; readonly ms: number };

export interface Story {
  /** What it once showed, of those in `corpus/`. */
  readonly why?: string;
  readonly office: Pick<WireOfficeOptions, 'mode' | 'trusting'>;
  readonly steps: readonly Step[];
}

export const DOMAIN = 'office.example';
export const USERS = ['1001@office.example', '1002@office.example'];

/** A step may take this long, in ms, of a message of 64 KiB on a busy machine. Nothing here is worth 20. */
const SLOW_MS = 500;

const sourceOf = (from: 'stranger' | 'phone', over: 'UDP' | 'TCP'): Source => {
  const near = from === 'phone' ? { ...STRANGER, host: PHONE, port: 5070 } : STRANGER;
  return {
    ...near,
    transport: over,
    flow: `${over}:${from}` as FlowId,
    listener: `${over.toLowerCase()}://${SELF}:5060`,
  };
};

/** Plays a story to its end. Throws with what did not hold. */
export async function play({ office: options, steps }: Story): Promise<void> {
  const office = new WireOffice({ ...options, domains: [DOMAIN], users: USERS });
  let last: { wire: string; source: Source } | undefined;
  let invite: SipRequest | undefined;
  let answered: string | undefined;
  let asked: SipRequest | undefined;

  const hand = async (wire: string, source: Source): Promise<void> => {
    last = { wire, source };
    const before = performance.now();
    const sent = await office.receive(wire, source);
    const took = performance.now() - before;
    if (took > SLOW_MS) throw new Error(`it took ${took.toFixed(0)} ms`);
    const parsed = parseMessage(wire);
    const message = parsed.ok ? parsed.value : undefined;
    judge({
      sent,
      wire,
      source,
      request: message?.kind === 'request' ? message : undefined,
      trusting: options.trusting === true,
      stateless: options.mode === 'stateless',
    });
    for (const packet of sent) {
      const seen = parseMessage(packet.wire);
      if (!seen.ok) continue;
      if (seen.value.kind === 'request') asked = seen.value;
      else if (seen.value.cseqMethod === 'INVITE' && seen.value.status >= 200) answered = packet.wire;
    }
    if (message?.kind === 'request' && message.method === 'INVITE' && source.host === STRANGER.host) invite = message;
  };

  for (const step of steps) {
    switch (step.do) {
      case 'send':
        await hand(step.wire, sourceOf(step.from ?? 'stranger', step.over ?? 'UDP'));
        break;
      case 'answer':
        if (asked === undefined || asked.method === 'ACK') break;
        await hand(
          spoilt(
            buildResponse(asked, step.status, { toTag: 'phone', headers: [[H.Contact, `<sip:device@${PHONE}:5070>`]] })
              .wire,
            step.spoil,
          ),
          sourceOf('phone', 'UDP'),
        );
        break;
      case 'again':
        if (last !== undefined) await hand(last.wire, last.source);
        break;
      case 'cancel':
        if (invite !== undefined) await hand(spoilt(buildCancel(invite).wire, step.spoil), sourceOf('stranger', 'UDP'));
        break;
      case 'ack':
      case 'bye':
        if (invite !== undefined && answered !== undefined)
          await hand(
            spoilt(inDialog(step.do.toUpperCase(), invite, answered), step.spoil),
            sourceOf('stranger', 'UDP'),
          );
        break;
      case 'pass':
        office.clock.advance(step.ms);
        for (let turn = 0; turn < 4; turn++) await Promise.resolve();
        for (const packet of office.take()) wholeMessage(packet.wire);
        break;
      default:
        step satisfies never;
    }
    if (!(await office.isAlive())) throw new Error('it does not answer OPTIONS any more');
    if (office.faults.length > 0) throw new Error(`it logged a fault: ${office.faults[0]}`);
  }
  // An INVITE that nobody answers ends by Timer C and what follows it.
  for (let minutes = 0; minutes < 6; minutes++) office.clock.advance(60_000);
  const { client, server } = office.open;
  if (client + server > 0) throw new Error(`${client} client and ${server} server transactions never end`);
  if (office.faults.length > 0) throw new Error(`it logged a fault: ${office.faults[0]}`);
}

const spoilt = (wire: string, seed: number | undefined): string =>
  seed === undefined ? wire : mutate(wire, chance(seed));

function inDialog(method: string, invite: SipRequest, answer: string): string {
  const parsed = parseMessage(answer);
  if (!parsed.ok) return '';
  const routes = parsed.value.list(H.RecordRoute).reverse();
  const lines = [
    `${method} sip:device@${PHONE}:5070 SIP/2.0`,
    `Via: SIP/2.0/UDP ${STRANGER.host}:${STRANGER.port};branch=z9hG4bK${method}${invite.cseq};rport`,
    ...routes.map((route) => `Route: ${route}`),
    'Max-Forwards: 70',
    `From: ${invite.header(H.From)}`,
    `To: ${parsed.value.header(H.To)}`,
    `Call-ID: ${invite.callId}`,
    `CSeq: ${method === 'ACK' ? invite.cseq : invite.cseq + 1} ${method}`,
    'Content-Length: 0',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

interface Judged {
  readonly sent: readonly SentPacket[];
  readonly wire: string;
  readonly source: Source;
  /** What came in, where it could be read as a request. */
  readonly request: SipRequest | undefined;
  readonly trusting: boolean;
  readonly stateless: boolean;
}

function judge({ sent, wire, source, request, trusting, stateless }: Judged): void {
  let back = 0;
  for (const packet of sent) {
    wholeMessage(packet.wire);
    const { hop } = packet;
    if (hop.host === source.host) back++;
    const known = hop.host === source.host || hop.host === PHONE || hop.host === STRANGER.host;
    // A stateless proxy has nothing but the Via of a response to know where it came from (§16.11).
    // And ACK and CANCEL cannot be challenged: whom they claim to come from is all that it knows (§22.1).
    const isReturned = stateless && /^(?:SIP\/2\.0|ACK|CANCEL) /.test(packet.wire) && isIP(hop.host) !== 0;
    if (!known && !trusting && !isReturned) throw new Error(`a relay for anyone: sent to ${hop.host}\n${packet.wire}`);
    const parsed = parseMessage(packet.wire);
    if (parsed.ok && parsed.value.kind === 'request' && request !== undefined) passedOn(request, parsed.value);
  }
  if (back > 2 && request?.method !== 'CANCEL') throw new Error(`${back} packets back for one of ${wire.length} bytes`);
}

/** Whoever reads it after us must find the same lines and the same end as we do. */
export function wholeMessage(wire: string): void {
  const end = wire.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`sent a message without an empty line:\n${JSON.stringify(wire)}`);
  const head = wire.slice(0, end);
  if (/\r(?!\n)|(?<!\r)\n/.test(head)) throw new Error(`sent a torn line break:\n${JSON.stringify(head)}`);
  if (!/^SIP\/2\.0 [1-6]\d\d(?=[ \r]|$)|^\S+ \S+ SIP\/2\.0(?:\r|$)/.test(head))
    throw new Error(`sent a malformed first line: ${head}`);
  const lengths = head.match(/^(?:content-length|l)[ \t]*:[ \t]*(?:\r\n[ \t]+)?\d+[ \t]*$/gim) ?? [];
  for (const line of lengths) {
    const length = Number(/\d+[ \t]*$/.exec(line)?.[0]);
    if (length !== wire.length - end - 4) throw new Error(`Content-Length ${length} of ${wire.length - end - 4} bytes`);
  }
}

/** RFC 3261 §16.6: one more Via, one Max-Forwards less, the rest as it was. */
function passedOn(came: SipRequest, went: SipRequest): void {
  // CANCEL, and the ACK to a failure, go hop by hop and are made anew.
  if (went.method !== came.method || went.callId !== came.callId || came.method === 'CANCEL') return;
  const fault = (what: string): never => {
    throw new Error(`${what}:\n${came.wire}\n---\n${went.wire}`);
  };
  if (went.list(H.Via).length !== came.list(H.Via).length + 1) fault('not one Via more');
  if (went.body !== came.body) fault('another body');
  if (went.cseq !== came.cseq || went.header(H.From) !== came.header(H.From) || went.header(H.To) !== came.header(H.To))
    fault('another dialog');
  const [before, after] = [came.header(H.MaxForwards), Number(went.header(H.MaxForwards))];
  if (after !== (before === undefined ? 70 : Number(before) - 1)) fault('Max-Forwards not one less');
}
