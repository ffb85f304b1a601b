/** What the guard did not let in, and who calls himself a scanner. */
import { H } from '../../../sip/message/names.ts';
import { phrase } from '../../phrase.ts';
import { SCANNERS } from '../../steps/scanners.ts';
import type { Facts } from '../facts.ts';
import { type Rule, rule } from '../reason.ts';
import { statusOf } from '../story.ts';
import { quoted, together } from '../words.ts';

export const keptOut: readonly Rule[] = [
  rule('guard.banned', ({ spoilt }, facts) => {
    if (spoilt?.entry.isRefused !== true) return undefined;
    const { host } = spoilt.entry.remote;
    const ban = facts.ban(host);
    if (ban === undefined) return undefined;
    const until = facts.time(ban.until);
    return {
      text: `${host} is banned until ${until} because of ${ban.reason}, so nothing that it sends is read.`,
      todo: `If a phone of the office is there, correct its settings first and then let it in with "tandem ban lift ${ban.address}"; otherwise there is nothing to do.`,
      values: { host, until: ban.until, reason: ban.reason },
      messages: [spoilt.entry.id],
    };
  }),

  rule('guard.slowed', ({ spoilt }) => {
    if (spoilt?.entry.isRefused !== true) return undefined;
    const { host } = spoilt.entry.remote;
    return {
      text: `${host} was refused so often lately that most of what it sends is dropped, this message too.`,
      todo: `See what it does wrong with "tandem why ${host}", correct that and wait a few minutes.`,
      values: { host },
      messages: [spoilt.entry.id],
    };
  }),

  rule('guard.scanner', (story, facts) => {
    const { request, answers } = story;
    const agent = request?.message.header(H.UserAgent);
    if (request === undefined || agent === undefined || statusOf(story) !== 403 || !SCANNERS.test(agent))
      return undefined;
    const { host } = request.entry.remote;
    return {
      text: together(
        `A program at ${host} calls itself "${quoted(agent)}", which is a tool to look for exchanges to break into: it was refused.`,
        bannedUntil(host, facts),
      ),
      todo: 'There is nothing to do, unless the address is one of your own: then find out who runs that program.',
      values: { host, program: quoted(agent) },
      messages: [request.entry.id, ...answers.map(({ entry }) => entry.id)],
    };
  }),
];

/** What is added to a sentence about an address, where it is banned. */
export function bannedUntil(host: string, facts: Facts): string {
  const ban = facts.ban(host);
  return ban === undefined ? '' : phrase(`that address is banned until ${facts.time(ban.until)}`);
}
