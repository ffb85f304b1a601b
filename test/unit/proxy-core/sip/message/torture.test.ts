import { describe, expect, it } from 'vitest';
import { replyToMalformed } from '../../../../../proxy-core/sip/message/build.ts';
import type { SipMessage } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { maxForwards, parseAddresses, parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { torture } from './torture.ts';

/** Everything that the table may ask of a message. */
function view(message: SipMessage): Record<string, unknown> {
  const { via, from, to } = message;
  const contacts = parseAddresses(message, H.Contact);
  const start =
    message.kind === 'response'
      ? { status: message.status, reason: message.reason }
      : {
          method: message.method,
          scheme: message.uri.scheme,
          user: message.uri.user,
          userDecoded: message.uri.userDecoded,
          uriParams: message.uri.params,
          uriHeaders: message.uri.headers,
        };
  return {
    ...start,
    via: `${via.transport} ${via.host} ${via.branch}`,
    vias: message.list(H.Via).length,
    fromTag: from.tag,
    fromDisplay: from.display,
    toTag: to.tag,
    toDisplay: to.display,
    toUri: to.uri.ok ? to.uri.value.toString() : 'refused',
    toUser: to.uri.ok ? to.uri.value.userDecoded : undefined,
    toScheme: to.uri.ok ? to.uri.value.scheme : undefined,
    cseq: message.cseq,
    maxForwards: maxForwards(message),
    contacts: contacts.ok ? contacts.value.map(({ uriText }) => uriText) : 'refused',
    body: message.body,
  };
}

describe('RFC 4475', () => {
  it.each(torture.map((one) => [one.section, one.name, one] as const))(
    '§%s %s',
    (_section, _name, { wire, expect: wanted }) => {
      const parsed = parseMessage(wire);
      if (typeof wanted === 'object') {
        if (!parsed.ok) throw new Error(parsed.error.reason);
        expect(view(parsed.value)).toMatchObject(wanted);
        return;
      }
      if (parsed.ok) throw new Error('it was read');
      const reply = replyToMalformed(parsed.error, 'tag');
      if (wanted === 'dropped') expect(reply).toBeUndefined();
      else expect(reply?.slice(0, 11)).toBe(`SIP/2.0 ${wanted}`);
    },
  );
});
