/** Calls whose messages are kept no more: what their records tell (server/calls/record.ts). */
import type { CallParty } from '../calls/call.ts';
import type { CallRecord, RecordDevice } from '../calls/record.ts';
import { phrase } from '../phrase.ts';
import type { Facts } from './facts.ts';
import type { Reason } from './reason.ts';
import { quoted, seconds, sentence, together } from './words.ts';

const party = ({ number, name }: CallParty): string =>
  name === '' ? quoted(number) : `${quoted(number)} (${quoted(name)})`;

const phone = ({ label, userAgent, contact }: RecordDevice): string => {
  const name = label !== '' ? label : userAgent;
  return name === '' ? phrase(`a phone (${quoted(contact)})`) : quoted(name);
};

/** @param record of a call that has ended. */
export function whyRecord(record: CallRecord, facts: Facts): Reason {
  const [key, what, todo, said = ''] = told(record);
  const { callId, startedAt, status, outcome } = record;
  const [caller, callee, time] = [party(record.caller), party(record.callee), facts.time(startedAt)];
  const values = { outcome, status, number: record.callee.number, startedAt };
  const gone = phrase('the messages of that call are not kept any more');
  const text = sentence(together(`${caller} called ${callee} at ${time}, and ${what}.`, said, gone));
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
    const figures = figuresOf(Math.round(lost), opinion?.toFixed(1));
    const [caller, callee, time] = [party(record.caller), party(record.callee), facts.time(record.startedAt)];
    return {
      ...{ key: 'media.bad-sound', at: record.startedAt, callId: record.callId, messages: [] },
      text: `In the call of ${caller} to ${callee} at ${time} the phone of ${number} heard badly: ${figures}.`,
      todo: 'Look at the network of that phone: Wi-Fi, a full line, or a VPN; a cable, or priority for sound in the router, helps most.',
      values: { number, lost, opinion: opinion ?? 0 },
    };
  }
  return undefined;
}

function figuresOf(lost: number, mark: string | undefined): string {
  if (mark === undefined) return phrase(`${lost} % of the sound lost`);
  if (lost === 0) return phrase(`a mark of ${mark} out of 5`);
  return phrase(`${lost} % of the sound lost and a mark of ${mark} out of 5`);
}

const AGAIN = 'Call again and ask within some minutes to learn more.';

/** @returns `said` is what the other side gave as its reason. */
function told(record: CallRecord): readonly [key: string, what: string, todo: string, said?: string] {
  const { outcome, status, devices, reason, callee, ringingAt, endedAt } = record;
  const whom = party(callee);
  const rang = devices.filter((one) => one.ringingAt > 0);
  const [refuser] = devices.filter((one) => one.status === status);
  const by = refuser === undefined ? undefined : phone(refuser);
  const why = /text="([^"]*)"/.exec(reason)?.[1];
  const said = why === undefined ? '' : phrase(`it said: "${quoted(why)}"`);
  switch (outcome) {
    case 'answered':
      return answered(record);
    case 'busy':
      return [
        'busy',
        by === undefined ? phrase(`${whom} was busy`) : phrase(`${by} of ${whom} was busy`),
        'Call again later; if nobody talked there, "do not disturb" may be on.',
        said,
      ];
    case 'declined':
      return [
        'declined',
        by === undefined ? phrase(`${whom} turned it away`) : phrase(`${by} of ${whom} turned it away`),
        'Somebody pressed "decline", or the phone does so by itself: look at its settings.',
        said,
      ];
    case 'cancelled':
      return [
        'cancelled',
        hungUp(rang.length),
        rang.length > 0
          ? 'Nothing was wrong; forward calls that are not taken in time.'
          : `See with "tandem why ${callee.number}" whether those phones can be reached now.`,
      ];
    case 'no-answer':
      return [
        'no-answer',
        phrase(`nobody picked up in ${seconds(Math.max(0, endedAt - ringingAt))}`),
        'Forward calls that are not taken, if somebody else should get them.',
      ];
    case 'not-found':
      return [
        'not-found',
        phrase('nobody had that number'),
        `See with "tandem why ${callee.number}" which numbers are near it.`,
      ];
    case 'unavailable':
      return [
        'unavailable',
        devices.length === 0
          ? phrase(`no phone of ${whom} was registered`)
          : phrase(`no phone of ${whom} could be reached`),
        `See with "tandem why ${callee.number}" how it is now.`,
      ];
    case 'redirected':
      return [
        'redirected',
        phrase('the caller was told to call elsewhere'),
        'If that was not meant, take the forwarding at the phone away.',
      ];
    case 'failed':
      return ['failed', phrase(`it failed with ${status}`), AGAIN, said];
    default:
      return outcome satisfies never;
  }
}

function hungUp(phones: number): string {
  if (phones === 0) return phrase('hung up before any phone rang');
  if (phones === 1) return phrase('hung up before anybody took it, while one phone rang');
  return phrase(`hung up before anybody took it, while ${phones} phones rang`);
}

const LOST: Readonly<Record<NonNullable<CallRecord['lost']>, string>> = {
  'session-timer': phrase('neither side confirmed any more that it lasts'),
  'too-long': phrase('it lasted longer than the exchange counts any call'),
  gone: phrase('one of the two phones was registered no more'),
  crowded: phrase('the exchange had too many calls to follow'),
  restart: phrase('the exchange was stopped'),
};

function answered({ lost, endedBy, seconds: length, caller, callee }: CallRecord): readonly [string, string, string] {
  if (lost !== undefined) {
    return [
      'lost',
      phrase(`was taken, but nobody hung up: ${LOST[lost]}`),
      'See whether one of the phones lost power or network in the call.',
    ];
  }
  const by = endedBy === 'caller' ? party(caller) : endedBy === 'callee' ? party(callee) : phrase('the exchange');
  const what = phrase(`was answered, lasted ${seconds(length * 1000)} and was ended by ${by}`);
  return ['fine', what, 'There is nothing to do.'];
}
