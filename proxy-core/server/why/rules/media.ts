/** Phones that find no common way to send sound or picture (RFC 3264; 488 and 606). */
import { H } from '../../../sip/message/names.ts';
import { phrase } from '../../phrase.ts';
import type { ReadMessage } from '../../trace/reading.ts';
import { type SdpSummary, sdpOf } from '../../trace/summary.ts';
import type { Facts } from '../facts.ts';
import { type Finding, type Rule, rule } from '../reason.ts';
import { decidingLeg, finalOf, type Leg, type ReadRequest, type Story, statusOf } from '../story.ts';
import { callerOf, itSays, listed, phoneOf, sentence, together } from '../words.ts';

interface Mismatch {
  readonly leg: Leg;
  readonly request: ReadRequest;
  readonly phone: string;
  readonly offer: readonly SdpSummary[];
  /** What the phone that refused took or offered before, and the message in which it did. */
  readonly takes: readonly SdpSummary[];
  readonly evidence: ReadMessage | undefined;
  readonly messages: readonly number[];
}

function mismatch(story: Story, facts: Facts): Mismatch | undefined {
  const leg = decidingLeg(story);
  const { request } = story;
  const status = statusOf(story);
  if (leg === undefined || request === undefined || (status !== 488 && status !== 606)) return undefined;
  const answer = finalOf(leg.answers);
  // What was sent on may differ from what came: media can be relayed.
  const offer = sdpOf(leg.request);
  const { host, port } = leg.request.entry.remote;
  const own = answer === undefined ? [] : sdpOf(answer);
  const evidence = own.length > 0 ? answer : facts.offersFrom(host, port)[0];
  const takes = evidence === undefined ? [] : sdpOf(evidence);
  const ids = [request, leg.request, answer, evidence].flatMap((read) => (read === undefined ? [] : [read.entry.id]));
  return { leg, request, offer, takes, evidence, phone: phoneOf(leg, story, facts), messages: [...new Set(ids)] };
}

const isEncrypted = ({ profile }: SdpSummary): boolean => profile.includes('SAVP');
const sounds = (streams: readonly SdpSummary[]): SdpSummary[] => streams.filter(({ type }) => type === 'audio');
const isSound = (codec: string): boolean => !/^(?:telephone-event|CN|red|rtx)$/i.test(codec);
const codecsOf = (streams: readonly SdpSummary[]): string[] => [
  ...new Set(sounds(streams).flatMap(({ codecs }) => codecs.filter(isSound))),
];

export const media: readonly Rule[] = [
  rule('media.encryption', (story, facts) => {
    const found = mismatch(story, facts);
    const offered = found && sounds(found.offer);
    if (found === undefined || offered === undefined || offered.length === 0) return undefined;
    const allSecure = offered.every(isEncrypted);
    const noneSecure = !offered.some(isEncrypted);
    const taken = sounds(found.takes);
    const says = /encrypt|crypto|srtp|savp|secur/i.test(finalOf(found.leg.answers)?.message.header(H.Warning) ?? '');
    const caller = callerOf(story, facts).text;
    if (allSecure && (says || taken.length === 0 || !taken.some(isEncrypted))) {
      return finding(
        found,
        taken.length > 0
          ? `The phone of ${caller} offers encrypted sound (SRTP) only, and ${found.phone} takes plain sound only.`
          : `The phone of ${caller} offers encrypted sound (SRTP) only, and ${found.phone} takes none of it.`,
        'Set encryption (SRTP) to the same on both phones: off, optional or required.',
      );
    }
    if (noneSecure && (says || (taken.length > 0 && taken.every(isEncrypted)))) {
      return finding(
        found,
        `The phone of ${caller} offers plain sound only, and ${found.phone} demands encrypted sound (SRTP).`,
        'Set encryption (SRTP) to the same on both phones: off, optional or required.',
      );
    }
    return undefined;
  }),

  rule('media.codecs', (story, facts) => {
    const found = mismatch(story, facts);
    if (found === undefined) return undefined;
    const [offered, taken] = [codecsOf(found.offer), codecsOf(found.takes)];
    const known = new Set(taken.map((codec) => codec.toUpperCase()));
    if (offered.length === 0 || taken.length === 0 || offered.some((codec) => known.has(codec.toUpperCase())))
      return undefined;
    return finding(
      found,
      `The two phones have no codec in common: that of ${callerOf(story, facts).text} offers ${listed(offered)}, and ${found.phone} takes ${listed(taken)}.`,
      'Switch on a codec that both have; PCMA (G.711 a-law) is known by nearly every phone.',
    );
  }),

  rule('media.refused', (story, facts) => {
    const found = mismatch(story, facts);
    if (found === undefined) return undefined;
    const offered = codecsOf(found.offer);
    const kinds = found.offer.map(({ type, profile }) => `${type} ${profile}`);
    const warning = /"([^"]+)"/.exec(finalOf(found.leg.answers)?.message.header(H.Warning) ?? '')?.[1];
    const what =
      kinds.length === 0
        ? phrase('no description of sound at all')
        : [listed(kinds), ...(offered.length === 0 ? [] : [listed(offered)])].join(': ');
    return finding(
      found,
      together(
        `${sentence(found.phone)} does not take the sound that ${callerOf(story, facts).text} offers (${what}).`,
        itSays(warning),
      ),
      'Compare codecs and encryption (SRTP) in the settings of both phones.',
    );
  }),
];

function finding({ offer, takes, messages }: Mismatch, text: string, todo: string): Finding {
  return {
    text,
    todo,
    values: { offered: codecsOf(offer).join(' '), taken: codecsOf(takes).join(' ') },
    messages,
  };
}
