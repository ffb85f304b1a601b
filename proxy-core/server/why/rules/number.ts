/** Numbers that nobody has. */

import { phrase } from '../../phrase.ts';
import { nearNumbers } from '../near-numbers.ts';
import { type Rule, rule } from '../reason.ts';
import { decidingLeg, statusOf } from '../story.ts';
import {
  at,
  calleeOf,
  callerOf,
  listed,
  named,
  nearWords,
  phoneOf,
  placeOf,
  quoted,
  sentence,
  together,
} from '../words.ts';

export const number: readonly Rule[] = [
  rule('number.old-address', (story, facts) => {
    const { request } = story;
    if (request === undefined || statusOf(story) !== 404 || !request.message.uri.has('gr')) return undefined;
    return {
      text: `${callerOf(story, facts).text} called an address of one phone alone, and that phone has registered anew or is gone since.`,
      todo: 'Call the number itself instead of the entry in the list of calls.',
      values: { uri: quoted(request.message.uriText) },
      messages: [request.entry.id],
    };
  }),

  rule('number.foreign-domain', (story, facts) => {
    const { request } = story;
    if (request === undefined || statusOf(story) !== 404 || story.method !== 'REGISTER') return undefined;
    const { to } = request.message;
    const host = to.uri.ok ? quoted(to.uri.value.host) : '?';
    return {
      text: `The phone at ${at(placeOf(story))} wants to register in the domain ${host}, and this exchange serves ${listed(facts.domains)}.`,
      todo: `Set the domain in that phone to ${facts.domains[0] ?? phrase('that of the office')}, or add the domain with "tandem domain add ${host}".`,
      values: { host },
      messages: [request.entry.id],
    };
  }),

  rule('number.unknown', (story, facts) => {
    const { request, legs } = story;
    if (request === undefined || statusOf(story) !== 404 || legs.length > 0) return undefined;
    const { number: dialled, domain, user } = calleeOf(story, facts);
    if (user !== undefined || dialled === '') return undefined;
    const near = nearNumbers(dialled, (one) => facts.user(one, domain)).map(named);
    return {
      text: together(
        `${callerOf(story, facts).text} called ${dialled}, and nobody in ${domain} has that number.`,
        nearWords(near),
      ),
      todo:
        near.length === 0
          ? `Dial another number, or add it with "tandem user add ${dialled}" or "tandem alias add NUMBER ${dialled}".`
          : `Dial one of these, or add it with "tandem user add ${dialled}" or "tandem alias add NUMBER ${dialled}".`,
      values: { number: dialled, domain, near: near.join(', ') },
      messages: [request.entry.id],
    };
  }),

  rule('number.unknown-elsewhere', (story, facts) => {
    const leg = decidingLeg(story);
    const status = statusOf(story);
    if (leg === undefined || (status !== 404 && status !== 604)) return undefined;
    return {
      text: `${sentence(phoneOf(leg, story, facts))} says that nobody there has the number ${calleeOf(story, facts).number}.`,
      todo: 'Check the number; if it is right, ask whoever runs that side.',
      values: { place: at(leg.request.entry.remote), number: calleeOf(story, facts).number },
      messages: leg.answers.map(({ entry }) => entry.id),
    };
  }),

  rule('number.gone', (story, facts) => {
    const leg = decidingLeg(story);
    if (leg === undefined || statusOf(story) !== 410) return undefined;
    return {
      text: `${sentence(phoneOf(leg, story, facts))} says that ${calleeOf(story, facts).number} is no longer there and left no new number.`,
      todo: 'Ask for the new number and take the old one out of the phone books.',
      values: { number: calleeOf(story, facts).number },
      messages: leg.answers.map(({ entry }) => entry.id),
    };
  }),

  rule('number.incomplete', (story, facts) => {
    const leg = decidingLeg(story);
    if (statusOf(story) !== 484) return undefined;
    const who = leg === undefined ? sentence(phrase('the office’s route file')) : sentence(phoneOf(leg, story, facts));
    return {
      text: `${who} says that the number ${calleeOf(story, facts).number} is not complete.`,
      todo: 'Dial all of the number at once; if it is whole, see whether a prefix for outside lines is missing.',
      values: { number: calleeOf(story, facts).number },
      messages: story.answers.map(({ entry }) => entry.id),
    };
  }),
];
