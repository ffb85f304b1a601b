/** What breaks the rules of SIP so that nobody can handle it. */
import { H } from '../../../sip/message/names.ts';
import { type Rule, rule } from '../reason.ts';
import { finalOf, statusOf } from '../story.ts';
import { at, callerOf, placeOf, quoted, sentence } from '../words.ts';

const BLAME = 'The program there is at fault: look for an update of it, or show its maker the message';

export const unreadable: readonly Rule[] = [
  rule('message.too-large', ({ spoilt }) => {
    if (spoilt?.fault === undefined || !/64 KiB/.test(spoilt.fault.reason)) return undefined;
    const place = at(spoilt.entry.remote);
    return {
      text: `${place} sent a message of more than 64 KB, which is more than this exchange takes.`,
      todo: 'Send what is so large by another way, such as e-mail; a picture in a contact card is a usual cause.',
      values: { place },
      messages: [spoilt.entry.id],
    };
  }),

  rule('message.not-sip', ({ spoilt }) => {
    if (spoilt?.fault === undefined) return undefined;
    const isSip = /^(?:SIP\/|[A-Za-z]+ \S+ SIP\/)/.test(spoilt.entry.wire);
    if (isSip) return undefined;
    const place = at(spoilt.entry.remote);
    return {
      text: `${place} sent something that is no SIP; it begins with "${quoted(spoilt.fault.text)}".`,
      todo: 'If that is a phone of the office, check that it speaks SIP and over the transport that it is set to (UDP, TCP or TLS); from elsewhere it is noise.',
      values: { place, line: spoilt.fault.text },
      messages: [spoilt.entry.id],
    };
  }),

  rule('message.unreadable', ({ spoilt, method }) => {
    if (spoilt?.fault === undefined) return undefined;
    const { reason, line, column, text } = spoilt.fault;
    const place = at(spoilt.entry.remote);
    const [what, shown] = [quoted(method), quoted(text)];
    return {
      text:
        shown === ''
          ? `The ${what} from ${place} cannot be read because of ${reason} (line ${line}, column ${column}).`
          : `The ${what} from ${place} cannot be read because of ${reason} (line ${line}, column ${column}: "${shown}").`,
      todo: `${BLAME} ("tandem trace pcap").`,
      values: { place, reason, line, column },
      messages: [spoilt.entry.id],
    };
  }),

  rule('message.malformed', (story, facts) => {
    const { request, answers } = story;
    const reason = /^Bad Request - (.*)$/.exec(finalOf(answers)?.message.reason ?? '')?.[1];
    if (request === undefined || reason === undefined || story.legs.length > 0) return undefined;
    if (reason.startsWith('credentials')) return undefined;
    const place = at(placeOf(story));
    return {
      text: `The ${story.method} of ${callerOf(story, facts).text} at ${place} has ${quoted(reason)}.`,
      todo: `${BLAME} ("tandem trace show ${quoted(story.callId)}").`,
      values: { place, reason },
      messages: [request.entry.id],
    };
  }),

  rule('uri.scheme', (story, facts) => {
    const { request } = story;
    if (request === undefined || statusOf(story) !== 416 || story.legs.length > 0) return undefined;
    const uri = quoted(request.message.uriText);
    return {
      text: `${callerOf(story, facts).text} called "${uri}", which is no SIP address.`,
      todo: 'Dial a plain number, or have the phone write addresses as sip:number@domain.',
      values: { uri },
      messages: [request.entry.id],
    };
  }),

  rule('sip.version', (story) => {
    if (story.request === undefined && story.spoilt === undefined) return undefined;
    if (statusOf(story) !== 505) return undefined;
    const place = at(placeOf(story));
    return {
      text: `${sentence(place)} speaks a version of SIP that nobody here knows.`,
      todo: `${BLAME}.`,
      values: { place },
      messages: story.answers.map(({ entry }) => entry.id),
    };
  }),

  rule('extension.proxy-require', (story, facts) => {
    const { request, answers, legs } = story;
    if (request === undefined || statusOf(story) !== 420 || legs.length > 0) return undefined;
    if (request.message.headers.find(H.ProxyRequire) < 0) return undefined;
    const tags = quoted(finalOf(answers)?.message.header(H.Unsupported) ?? '');
    return {
      text: `The phone of ${callerOf(story, facts).text} at ${at(placeOf(story))} demands "${tags}" of the exchange, which it does not have.`,
      todo: `Switch the feature "${tags}" off in that phone.`,
      values: { tags },
      messages: [request.entry.id],
    };
  }),
];
