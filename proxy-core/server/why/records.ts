/** Calls whose messages are kept no more: what their records tell (server/calls/record.ts). */
import type { CallParty } from '../calls/call.ts';
import type { CallRecord, RecordDevice } from '../calls/record.ts';
import type { Facts } from './facts.ts';
import type { Reason } from './reason.ts';
import { listed, quoted, seconds, sentence } from './words.ts';

const party = ({ number, name }: CallParty): string =>
  name === '' ? quoted(number) : `${quoted(number)} (${quoted(name)})`;

const phone = ({ label, userAgent, contact }: RecordDevice): string => {
  const name = label !== '' ? label : userAgent;
  return name === '' ? `a phone (${quoted(contact)})` : quoted(name);
};

/** @param record of a call that has ended. */
export function whyRecord(record: CallRecord, facts: Facts): Reason {
  const [key, what, todo] = told(record);
  const { callId, startedAt, status, outcome } = record;
  const begin = `${party(record.caller)} called ${party(record.callee)} at ${facts.time(startedAt)}`;
  const values = { outcome, status, number: record.callee.number, startedAt };
  const text = `${sentence(begin)}, and ${what}; the messages of that call are not kept any more.`;
  return { key: `record.${key}`, at: startedAt, callId, text, todo, values, messages: [] };
}

/** More is heard: in per cent of packets, and as a mean opinion of 1 to 5 (ITU-T P.800.1). */
const MUCH_LOST = 3;
const BAD_OPINION = 3.1;

/** What phones themselves said of bad sound (RFC 6035); undefined where they said nothing of it. */
export function badSound(record: CallRecord, facts: Facts): Reason | undefined {
  for (const { reporter, local } of record.quality) {
    const { lossPercent = 0, discardPercent = 0, mosListening, mosConversation } = local;
    const lost = lossPercent + discardPercent;
    const opinion = mosListening ?? mosConversation;
    if (lost < MUCH_LOST && (opinion === undefined || opinion > BAD_OPINION)) continue;
    const number = quoted(reporter.split('@', 1)[0] ?? reporter);
    const figures = [
      ...(lost > 0 ? [`${Math.round(lost)} % of the sound lost`] : []),
      ...(opinion === undefined ? [] : [`a mark of ${opinion.toFixed(1)} out of 5`]),
    ];
    return {
      ...{ key: 'media.bad-sound', at: record.startedAt, callId: record.callId, messages: [] },
      text: `In the call of ${party(record.caller)} to ${party(record.callee)} at ${facts.time(record.startedAt)} the phone of ${number} heard badly: ${listed(figures)}.`,
      todo: 'Look at the network of that phone: Wi-Fi, a full line, or a VPN; a cable, or priority for sound in the router, helps most.',
      values: { number, lost, opinion: opinion ?? 0 },
    };
  }
  return undefined;
}

const AGAIN = 'Call again and ask within some minutes to learn more.';

function told(record: CallRecord): readonly [key: string, what: string, todo: string] {
  const { outcome, status, devices, reason, callee, ringingAt, endedAt } = record;
  const whom = party(callee);
  const rang = devices.filter((one) => one.ringingAt > 0);
  const [refuser] = devices.filter((one) => one.status === status);
  const who = refuser === undefined ? whom : `${phone(refuser)} of ${whom}`;
  const why = /text="([^"]*)"/.exec(reason)?.[1];
  const said = why === undefined ? '' : ` ("${quoted(why)}")`;
  switch (outcome) {
    case 'answered':
      return answered(record);
    case 'busy':
      return [
        'busy',
        `${who} was busy${said}`,
        'Call again later; if nobody talked there, "do not disturb" may be on.',
      ];
    case 'declined':
      return [
        'declined',
        `${who} turned it away${said}`,
        'Somebody pressed "decline", or the phone does so by itself: look at its settings.',
      ];
    case 'cancelled':
      return [
        'cancelled',
        rang.length > 0
          ? `hung up before anybody took it, while ${rang.length === 1 ? 'one phone' : `${rang.length} phones`} rang`
          : 'hung up before any phone rang',
        rang.length > 0
          ? 'Nothing was wrong; forward calls that are not taken in time.'
          : `See with "tandem why ${callee.number}" whether those phones can be reached now.`,
      ];
    case 'no-answer':
      return [
        'no-answer',
        `nobody picked up in ${seconds(Math.max(0, endedAt - ringingAt))}`,
        'Forward calls that are not taken, if somebody else should get them.',
      ];
    case 'not-found':
      return [
        'not-found',
        'nobody had that number',
        `See with "tandem why ${callee.number}" which numbers are near it.`,
      ];
    case 'unavailable':
      return [
        'unavailable',
        devices.length === 0 ? `no phone of ${whom} was registered` : `no phone of ${whom} could be reached`,
        `See with "tandem why ${callee.number}" how it is now.`,
      ];
    case 'redirected':
      return [
        'redirected',
        'the caller was told to call elsewhere',
        'If that was not meant, take the forwarding at the phone away.',
      ];
    case 'failed':
      return ['failed', `it failed with ${status}${said}`, AGAIN];
    default:
      return outcome satisfies never;
  }
}

const LOST: Readonly<Record<NonNullable<CallRecord['lost']>, string>> = {
  'session-timer': 'neither side confirmed any more that it lasts',
  'too-long': 'it lasted longer than the exchange counts any call',
  gone: 'one of the two phones was registered no more',
  crowded: 'the exchange had too many calls to follow',
  restart: 'the exchange was stopped',
};

function answered({ lost, endedBy, seconds: length, caller, callee }: CallRecord): readonly [string, string, string] {
  if (lost !== undefined) {
    return [
      'lost',
      `was taken, but nobody hung up: ${LOST[lost]}`,
      'See whether one of the phones lost power or network in the call.',
    ];
  }
  const by = endedBy === 'caller' ? party(caller) : endedBy === 'callee' ? party(callee) : 'the exchange';
  return ['fine', `was answered, lasted ${seconds(length * 1000)} and was ended by ${by}`, 'There is nothing to do.'];
}
