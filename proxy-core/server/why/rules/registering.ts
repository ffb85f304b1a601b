/** Registrations and subscriptions that the exchange did not take as they were asked for. */
import { H } from '../../../sip/message/names.ts';
import { phrase } from '../../phrase.ts';
import { type Rule, rule } from '../reason.ts';
import { finalOf, type Story, statusOf } from '../story.ts';
import { at, callerOf, placeOf, quoted } from '../words.ts';

const ownStatus = (story: Story): number =>
  story.legs.length === 0 && story.request !== undefined ? statusOf(story) : 0;
const header = (
  { answers }: Story,
  id: Parameters<NonNullable<ReturnType<typeof finalOf>>['message']['header']>[0],
): string => quoted(finalOf(answers)?.message.header(id) ?? '?');
const ids = ({ request }: Story): number[] => (request === undefined ? [] : [request.entry.id]);

export const registering: readonly Rule[] = [
  rule('register.too-brief', (story, facts) => {
    if (ownStatus(story) !== 423) return undefined;
    const least = header(story, H.MinExpires);
    const [who, place] = [callerOf(story, facts).text, at(placeOf(story))];
    return {
      text:
        story.method === 'REGISTER'
          ? `The phone of ${who} at ${place} wants to register for less than ${least} seconds at a time, which is the shortest.`
          : `The phone of ${who} at ${place} wants to watch for less than ${least} seconds at a time, which is the shortest.`,
      todo: `Set that time in the phone to ${least} seconds or more; most phones correct it by themselves.`,
      values: { least },
      messages: ids(story),
    };
  }),

  rule('register.unknown-extension', (story, facts) => {
    if (ownStatus(story) !== 420) return undefined;
    const tags = header(story, H.Unsupported);
    return {
      text: `The phone of ${callerOf(story, facts).text} at ${at(placeOf(story))} demands "${tags}", which this exchange does not know.`,
      todo: `Switch "${tags}" off in that phone.`,
      values: { tags },
      messages: ids(story),
    };
  }),

  rule('register.missing-extension', (story, facts) => {
    if (ownStatus(story) !== 421) return undefined;
    const tags = header(story, H.Require);
    return {
      text: `The exchange was told to let only phones register that know "${tags}", and that of ${callerOf(story, facts).text} at ${at(placeOf(story))} does not.`,
      todo: `Switch "${tags}" on in that phone, or start the exchange without --require-extension.`,
      values: { tags },
      messages: ids(story),
    };
  }),

  rule('register.first-hop', (story, facts) => {
    if (ownStatus(story) !== 439) return undefined;
    return {
      text: `A server between the phone of ${callerOf(story, facts).text} and this exchange does not know Outbound, which the phone wants to use.`,
      todo: 'Switch "outbound" (RFC 5626) off in that phone, or let it register here directly.',
      values: {},
      messages: ids(story),
    };
  }),

  rule('watch.unknown-event', (story, facts) => {
    if (ownStatus(story) !== 489) return undefined;
    const event = quoted(story.request?.message.header(H.Event) ?? '?');
    return {
      text: `The phone of ${callerOf(story, facts).text} wants to watch "${event}", which this exchange does not tell about (only ${header(story, H.AllowEvents)}).`,
      todo: 'Take that lamp or feature away in the phone.',
      values: { event },
      messages: ids(story),
    };
  }),

  rule('watch.format', (story, facts) => {
    if (ownStatus(story) !== 406) return undefined;
    return {
      text: `The phone of ${callerOf(story, facts).text} wants to be told in a form that this exchange does not write (only ${header(story, H.Accept)}).`,
      todo: 'Update that phone; it should accept the usual form of that event.',
      values: { accept: header(story, H.Accept) },
      messages: ids(story),
    };
  }),

  rule('watch.rules', (story, facts) => {
    if (ownStatus(story) !== 403 || finalOf(story.answers)?.message.reason !== 'Not Yours To Watch') return undefined;
    const whom = quoted(story.request?.message.uri.userDecoded ?? '');
    const { text, number } = callerOf(story, facts);
    return {
      text: `By the rules of the office ${text} may not watch the lamp of ${whom}.`,
      todo: `See the rules with "tandem presence rules", and allow it with "tandem presence rule ${whom} listed --listed ${number}".`,
      values: { number, whom },
      messages: ids(story),
    };
  }),

  rule('watch.too-many', (story, facts) => {
    const reason = finalOf(story.answers)?.message.reason ?? '';
    const what = /^(?:Too Many (Lists|Publications)|List Too Long\b.*)$/.exec(reason);
    if (ownStatus(story) !== 403 || what === null) return undefined;
    const kind =
      what[1] === 'Lists'
        ? phrase('lists')
        : what[1] === 'Publications'
          ? phrase('publications')
          : phrase('users in one list');
    return {
      text: `The phone of ${callerOf(story, facts).text} at ${at(placeOf(story))} has more ${kind} than one user may.`,
      todo: 'Watch fewer at a time; the list all-users does for a whole office.',
      values: { reason },
      messages: ids(story),
    };
  }),

  rule('publish.outdated', (story, facts) => {
    if (ownStatus(story) !== 412) return undefined;
    return {
      text: `The phone of ${callerOf(story, facts).text} at ${at(placeOf(story))} wanted to renew a state of which the exchange knows nothing any more.`,
      todo: 'Phones publish anew by themselves after that; if it goes on, restart the phone.',
      values: {},
      messages: ids(story),
    };
  }),

  rule('watch.not-allowed', (story, facts) => {
    const isPlain = finalOf(story.answers)?.message.reason === 'Forbidden';
    if (ownStatus(story) !== 403 || story.method !== 'SUBSCRIBE' || !isPlain) return undefined;
    const { request } = story;
    const whom = quoted(request?.message.uri.userDecoded ?? '');
    const { text, number } = callerOf(story, facts);
    return {
      text: `${text} may not watch ${whom}.`,
      todo: `If ${number} is to see what belongs to others, allow it with "tandem user admin ${number} yes".`,
      values: { number, whom },
      messages: ids(story),
    };
  }),
];
