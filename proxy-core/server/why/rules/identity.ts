/** Who proved who he is, but may not do what he asks for. */

import { parseCredentials } from '../../../sip/auth/credentials.ts';
import { H } from '../../../sip/message/names.ts';
import { phrase } from '../../phrase.ts';
import { type Rule, rule } from '../reason.ts';
import { finalOf, type ReadRequest, type Story } from '../story.ts';
import { at, callerOf, placeOf, quoted } from '../words.ts';

/** The request where the exchange itself answered with this status and phrase. */
function refusedWith({ request, answers, legs }: Story, status: number, reason: string): ReadRequest | undefined {
  const final = finalOf(answers);
  if (legs.length > 0 || final?.message.status !== status || final.message.reason !== reason) return undefined;
  return request;
}

function signedInAs({ message }: ReadRequest): string {
  const text = message.headers.lines(H.ProxyAuthorization)[0] ?? message.headers.lines(H.Authorization)[0] ?? '';
  const read = parseCredentials(text);
  return read.ok ? quoted(read.value.username) : '?';
}

export const identity: readonly Rule[] = [
  rule('identity.not-own-name', (story, facts) => {
    const request = refusedWith(story, 403, 'Not Your Name');
    if (request === undefined) return undefined;
    const [own, shown] = [signedInAs(request), callerOf(story, facts).number];
    return {
      text: `A phone at ${at(placeOf(story))} signed in as ${own} but called as ${shown}, which is not its number.`,
      todo: `Set the number (caller ID) in that phone to ${own}, or make ${shown} a further number of ${own} with "tandem alias add ${own} ${shown}".`,
      values: { own, shown },
      messages: [request.entry.id],
    };
  }),

  rule('identity.not-own-address', (story, facts) => {
    const request = refusedWith(story, 403, 'Not Your Address');
    if (request === undefined) return undefined;
    const [own, shown] = [signedInAs(request), callerOf(story, facts).number];
    return {
      text: `A phone at ${at(placeOf(story))} signed in as ${own} but wanted to register for ${shown}.`,
      todo: `Set number and user name in that phone to the same user: ${own} or ${shown}.`,
      values: { own, shown },
      messages: [request.entry.id],
    };
  }),

  rule('identity.relay', (story, facts) => {
    const request = refusedWith(story, 403, 'Relaying Denied');
    if (request === undefined) return undefined;
    const from = quoted(request.message.from.uriText);
    const to = quoted(request.message.uriText);
    return {
      text: `${from} at ${at(placeOf(story))} is nobody of this office and wanted to reach ${to}, who is not either.`,
      todo: `If a phone of the office is there, its domain must be ${facts.domains[0] ?? phrase('that of the office')}; otherwise somebody looks for an exchange to call through, and there is nothing to do.`,
      values: { from, to },
      messages: [request.entry.id],
    };
  }),

  rule('register.too-many', (story, facts) => {
    const request = refusedWith(story, 403, 'Too Many Registered Devices');
    if (request === undefined) return undefined;
    const { text, number, user } = callerOf(story, facts);
    const count = user === undefined ? facts.contactsPerUser : facts.bindings(user).length;
    return {
      text: `${text} has ${count} phones registered already, and one more at ${at(placeOf(story))} was refused (${facts.contactsPerUser} is the most).`,
      todo: `See which of them are not needed with "tandem location show ${number}" and sign them out with "tandem location remove ${number}".`,
      values: { number, count },
      messages: [request.entry.id],
    };
  }),

  rule('register.own-contact', (story, facts) => {
    const request = refusedWith(story, 403, 'A Contact Must Not Be the Address It Stands For');
    if (request === undefined) return undefined;
    return {
      text: `The phone of ${callerOf(story, facts).text} at ${at(placeOf(story))} gave the office's own address as the place where it can be reached.`,
      todo: 'Set the domain in that phone as its server, not as its own address or "local host name".',
      values: { contact: quoted(request.message.header(H.Contact) ?? '') },
      messages: [request.entry.id],
    };
  }),
];
