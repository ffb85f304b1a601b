/** What goes wrong although requests are answered: calls without sound, answers that are not heard, phones that flap. */
import { parseNameAddr } from '../../../sip/grammar/name-addr.ts';
import { H } from '../../../sip/message/names.ts';
import { isNumeric, realmOf, sameAddress, unbracketed } from '../../nat/addresses.ts';
import { sdpOf } from '../../trace/summary.ts';
import { type Rule, rule } from '../reason.ts';
import { finalOf, type Leg, type ReadResponse, type Story, statusOf } from '../story.ts';
import { at, calleeOf, callerOf, phoneAt, phoneOf, placeOf, seconds, sentence, times } from '../words.ts';

/** Repetitions that a sound network does not need. */
const MANY_REPEATS = 2;
/** So often in the time that is kept is no ordinary registering. */
const FLAPS = 6;
const FLAP_MS = 40_000;

const isAnswered = (story: Story): boolean =>
  story.method === 'INVITE' && statusOf(story) >= 200 && statusOf(story) < 300;

const answerOf = ({ legs }: Story): { leg: Leg; answer: ReadResponse } | undefined => {
  for (const leg of legs) {
    const answer = finalOf(leg.answers);
    if (answer !== undefined && answer.message.status < 300) return { leg, answer };
  }
  return undefined;
};

/** The host in a Contact, where it is an address. */
function contactHost(text: string | undefined): string | undefined {
  const address = parseNameAddr(text ?? '');
  if (!address.ok || !address.value.uri.ok) return undefined;
  const { host } = address.value.uri.value;
  return isNumeric(host) ? unbracketed(host) : undefined;
}

export const symptoms: readonly Rule[] = [
  rule('call.no-ack', (story, facts) => {
    const { request, ack, answerRepeats } = story;
    if (request === undefined || !isAnswered(story) || ack !== undefined || answerRepeats < MANY_REPEATS)
      return undefined;
    const shown = contactHost(finalOf(story.answers)?.message.header(H.Contact));
    const isPrivate =
      shown !== undefined && realmOf(shown) === 'private' && realmOf(request.entry.remote.host) === 'public';
    const [callee, caller, place] = [calleeOf(story, facts).text, callerOf(story, facts).text, at(placeOf(story))];
    return {
      text: isPrivate
        ? `${callee} took the call, but the phone of ${caller} at ${place} never confirmed it, so it will break off after half a minute: it may send the confirmation to ${shown}, an address that it cannot reach.`
        : `${callee} took the call, but the phone of ${caller} at ${place} never confirmed it, so it will break off after half a minute.`,
      todo: 'Switch off "SIP ALG" in the router before that phone and let it use the exchange as its outbound proxy.',
      values: { place, ...(shown !== undefined && { contact: shown }) },
      messages: [request.entry.id, ...story.answers.map(({ entry }) => entry.id)],
    };
  }),

  rule('media.unheard', (story, facts) => {
    const note = facts.notes.find(
      ({ text, details }) =>
        text === 'nothing was heard of a side of a relayed call' && details.callId === story.callId,
    );
    const { request } = story;
    const leg = answerOf(story)?.leg;
    if (note === undefined || request === undefined || leg === undefined || !isAnswered(story)) return undefined;
    const { silent } = note.details;
    const caller = phoneAt(callerOf(story, facts).text, at(request.entry.remote));
    const callee = phoneOf(leg, story, facts);
    const whose = silent === 'caller' ? caller : callee;
    const time = seconds(Number(note.details.ms));
    const heard = silent === 'caller' ? calleeOf(story, facts) : callerOf(story, facts);
    return {
      text:
        silent === 'both'
          ? `No sound came from either phone in ${time}: neither of ${caller} nor of ${callee}.`
          : `${heard.text} heard nothing: no sound came from ${whose} in ${time}.`,
      todo: 'See whether that phone is muted or has no microphone, and whether a firewall on its side lets UDP out to the media ports of this exchange (--rtp-ports).',
      values: { silent: String(silent), ms: Number(note.details.ms) },
      messages: [request.entry.id, leg.request.entry.id],
    };
  }),

  rule('media.one-way', (story, facts) => {
    const { request } = story;
    const answered = answerOf(story);
    if (request === undefined || answered === undefined || !isAnswered(story)) return undefined;
    // What each side is told, after everything that the exchange changed.
    const told: readonly (readonly [read: typeof request | ReadResponse | undefined, whose: string, other: string])[] =
      [
        [answered.leg.request, request.entry.remote.host, answered.leg.request.entry.remote.host],
        [finalOf(story.answers), answered.leg.request.entry.remote.host, request.entry.remote.host],
      ];
    for (const [read, whose, other] of told) {
      if (read === undefined) continue;
      for (const { address, direction } of sdpOf(read)) {
        const host = address.slice(0, address.lastIndexOf(':'));
        if (!isNumeric(host) || direction === 'inactive' || sameAddress(host, whose)) continue;
        if (realmOf(host) !== 'private' || realmOf(other) !== 'public') continue;
        const [silent, speaks] =
          whose === request.entry.remote.host
            ? [callerOf(story, facts), calleeOf(story, facts)]
            : [calleeOf(story, facts), callerOf(story, facts)];
        return {
          text: `${silent.text} most likely hears nothing: the phone of ${speaks.text} was told to send sound to ${host}, a private address in another network.`,
          todo: 'Let the exchange relay sound (do not use "--relay never"), and see that its media ports are open in the firewall.',
          values: { host },
          messages: [read.entry.id],
        };
      }
    }
    return undefined;
  }),

  rule('media.silent', (story, facts) => {
    const note = facts.notes.find(
      ({ text, details }) => text === 'a relayed call has fallen silent' && details.callId === story.callId,
    );
    if (note === undefined || !isAnswered(story)) return undefined;
    return {
      text: `Nothing was heard of either side of the call between ${callerOf(story, facts).text} and ${calleeOf(story, facts).text} for ${seconds(Number(note.details.silentMs ?? 0))}, so the exchange gave its ports back.`,
      todo: 'See whether a firewall lets media (UDP, see --rtp-ports) through, and whether both phones still had network.',
      values: { silentMs: Number(note.details.silentMs ?? 0) },
      messages: story.request === undefined ? [] : [story.request.entry.id],
    };
  }),

  rule('register.flapping', (story, facts) => {
    const { request } = story;
    if (request === undefined || story.method !== 'REGISTER' || statusOf(story) !== 200) return undefined;
    const { host } = request.entry.remote;
    const person = callerOf(story, facts);
    const same = facts.stories.filter(
      (other) =>
        other.method === 'REGISTER' &&
        statusOf(other) === 200 &&
        other.request?.entry.remote.host === host &&
        callerOf(other, facts).number === person.number,
    );
    // Only the last of them tells, and only where they come faster than any sensible phone registers.
    const [first, last] = [same[0], same.at(-1)];
    if (last !== story || first === undefined || same.length < FLAPS) return undefined;
    const each = (last.at - first.at) / (same.length - 1);
    if (each > FLAP_MS) return undefined;
    return {
      text: `The phone of ${person.text} at ${host} registered ${same.length} times, every ${seconds(each)}: it restarts, loses its network, or is set to a much too short time.`,
      todo: 'Set its registration time to 300 seconds or more; if it is so already, look at its power supply, cable or Wi-Fi.',
      values: { number: person.number, host, count: same.length, every: Math.round(each) },
      messages: same.flatMap((one) => (one.request === undefined ? [] : [one.request.entry.id])).slice(-20),
    };
  }),

  rule('network.loss-inbound', (story, facts) => {
    const { request } = story;
    if (request === undefined || request.entry.transport !== 'UDP' || story.repeats < MANY_REPEATS) return undefined;
    const first = story.answers[0];
    // A slow answer is no lost one: phones repeat after half a second.
    if (first === undefined || first.entry.at - request.entry.at > 400) return undefined;
    const place = at(request.entry.remote);
    return {
      text: `${place} sent the ${story.method} of ${callerOf(story, facts).text}, ${times(story.repeats + 1)}, although it was answered at once: what the exchange sends does not reach it, or late.`,
      todo: 'Look at the network and the firewall between that phone and the exchange; over TCP or TLS nothing is lost.',
      values: { place, count: story.repeats + 1 },
      messages: [request.entry.id, first.entry.id],
    };
  }),

  rule('network.loss-outbound', (story, facts) => {
    const leg = story.legs.find(
      ({ repeats, answers, request }) =>
        request.entry.transport === 'UDP' && repeats >= MANY_REPEATS && answers.length > 0,
    );
    if (leg === undefined) return undefined;
    const tries = leg.repeats + 1;
    const after = (leg.answers[0]?.entry.at ?? 0) - leg.request.entry.at;
    return {
      text: `${sentence(phoneOf(leg, story, facts))} answered the ${story.method} only after ${tries} tries and ${seconds(after)}: packets are lost on the way, or it was asleep.`,
      todo: 'Look at the network to that phone (Wi-Fi, VPN, mobile); over TCP or TLS nothing is lost.',
      values: { place: at(leg.request.entry.remote), count: tries, after: Math.round(after) },
      messages: [leg.request.entry.id],
    };
  }),
];
