/** Calls that reach nobody, or nobody who wants them. */
import { ANNA, BEN, callerVia, ourVia, request, response } from '../../../../../support/trace-script.ts';
import { registeredAt } from '../../../../../support/why-facts.ts';
import { answeredHere, answeredThere, type Case, sdp, vias } from './case.ts';

const at = (hours: number, minutes: number): number => Date.UTC(2026, 0, 5, hours, minutes);
const ben = registeredAt('1002', 'udp:192.0.2.8:5062', { userAgent: 'Desk 2' });
const departed = { userAgent: 'Desk 2', device: '', received: 'udp:192.0.2.8:5062' } as const;
const phone = 'The phone of 1002 (Ben) at 192.0.2.8:5062';

/** Ben's phone has the call and never says anything. */
const silence = (script: Parameters<Case['happened']>[0], status = 408): void => {
  script.in(ANNA, request());
  const invite = request({ vias });
  for (let i = 0; i < 7; i++) script.wait(500).out(BEN, invite);
  script.wait(20_000).out(ANNA, response(status, 'Request Timeout'));
};

export const calls: readonly Case[] = [
  {
    key: 'user.do-not-disturb',
    happened: (script) => answeredHere(script, 480, 'Do Not Disturb'),
    says: '1002 (Ben) has "do not disturb" switched on, so no phone of 1002 rang.',
  },
  {
    key: 'forward.circle',
    happened: (script) => answeredHere(script, 482, 'Forwarded In A Circle'),
    says: 'Calls to 1002 (Ben) are forwarded to somebody whose calls are forwarded back.',
    todo: /tandem forward show 1002/,
  },
  {
    key: 'forward.too-often',
    happened: (script) => answeredHere(script, 480, 'Forwarded Too Often'),
    says: 'The call to 1002 (Ben) was forwarded on and on, more often than a call may be.',
  },
  {
    key: 'forward.nowhere',
    happened: (script) => answeredHere(script, 404, 'Not Found'),
    says: "1002 (Ben) is known, but the number to which calls to 1002 go on is nobody's.",
  },
  {
    key: 'code.answered',
    happened: (script) =>
      answeredHere(
        script,
        480,
        'Forwarding is off',
        { uri: 'sip:*73@office.example' },
        { Warning: '399 x "Forwarding is off"' },
      ),
    says: '1001 (Ada) dialled the code *73, and the exchange did it and said: "Forwarding is off".',
  },
  {
    key: 'code.answered',
    what: 'which it could not do',
    happened: (script) =>
      answeredHere(
        script,
        484,
        'A Number Is Missing',
        { uri: 'sip:*21*@office.example' },
        { Warning: '399 x "A Number Is Missing"' },
      ),
    says: '1001 (Ada) dialled the code *21*, and the exchange could not do it: "A Number Is Missing".',
  },
  {
    key: 'message.no-room',
    happened: (script) => answeredHere(script, 480, 'Too Many Messages Are Waiting Already', { method: 'MESSAGE' }),
    says: '1002 (Ben) is away, and too many of 1001 (Ada) are kept already.',
  },
  {
    key: 'message.too-long',
    happened: (script) =>
      answeredHere(
        script,
        413,
        'Too Large',
        { method: 'MESSAGE' },
        { Warning: '399 x "A message has at most 1300 bytes"' },
      ),
    says: '1001 (Ada) wrote a message that is too long to be passed on: A message has at most 1300 bytes.',
  },
  {
    key: 'message.not-stored',
    happened: (script) => answeredHere(script, 500, 'Message Could Not Be Stored', { method: 'MESSAGE' }),
    says: 'The message of 1001 (Ada) to 1002 (Ben) could not be written to disk.',
  },
  {
    key: 'number.unknown',
    happened: (script) => answeredHere(script, 404, 'Not Found', { to: '1020' }),
    says: '1001 (Ada) called 1020, and nobody in office.example has that number; 1002 (Ben) is near it.',
    todo: /tandem user add 1020/,
  },
  {
    key: 'number.unknown',
    what: 'and nothing like it',
    happened: (script) => answeredHere(script, 404, 'Not Found', { to: '55555' }),
    says: '1001 (Ada) called 55555, and nobody in office.example has that number.',
  },
  {
    key: 'number.old-address',
    happened: (script) => answeredHere(script, 404, 'Not Found', { uri: 'sip:tgruu@office.example;gr' }),
    says: '1001 (Ada) called an address of one phone alone, and that phone has registered anew or is gone since.',
  },
  {
    key: 'number.foreign-domain',
    happened: (script) => answeredHere(script, 404, 'Not Found', { method: 'REGISTER', to: '1002@old.example' }),
    says: 'The phone at 192.0.2.7:5060 wants to register in the domain old.example, and this exchange serves office.example, b.example.',
  },
  {
    key: 'number.unknown-elsewhere',
    happened: (script) => answeredThere(script, 404, 'Not Found'),
    says: `${phone} says that nobody there has the number 1002.`,
  },
  {
    key: 'number.gone',
    happened: (script) => answeredThere(script, 410, 'Gone'),
    says: `${phone} says that 1002 is no longer there and left no new number.`,
  },
  {
    key: 'number.incomplete',
    happened: (script) => answeredThere(script, 484, 'Address Incomplete'),
    says: `${phone} says that the number 1002 is not complete.`,
  },
  {
    key: 'user.not-registered',
    what: 'since its registration ran out',
    happened: (script) => {
      answeredHere(script, 480, 'Temporarily Unavailable');
      return { departures: { 1002: { ...departed, at: at(13, 40), how: 'expired' } } };
    },
    says: '1002 (Ben) is known but none of its phones is registered since 13:40, when the last one (Desk 2) at 192.0.2.8:5062 did not register again in time.',
    todo: /power and network/,
  },
  {
    key: 'user.not-registered',
    what: 'since it signed out',
    happened: (script) => {
      answeredHere(script, 480, 'Temporarily Unavailable');
      return { departures: { 1002: { ...departed, device: 'hall', at: at(13, 40), how: 'ended' } } };
    },
    says: '1002 (Ben) is known but none of its phones is registered since 13:40, when the last one (hall) at 192.0.2.8:5062 signed out or was given up.',
  },
  {
    key: 'user.not-registered',
    what: 'since it was given up',
    happened: (script) => {
      const gone = { ...departed, at: script.now, how: 'ended' } as const;
      script.note('a phone behind a NAT is gone', { aor: '1002@office.example', misses: 4 });
      answeredHere(script.wait(60_000), 480, 'Temporarily Unavailable');
      return { departures: { 1002: gone } };
    },
    says: '1002 (Ben) is known but none of its phones is registered since 14:02, when the last one (Desk 2) at 192.0.2.8:5062 answered no pings any more.',
    todo: /power and network/,
  },
  {
    key: 'user.not-registered',
    what: 'ever',
    happened: (script) => answeredHere(script, 480, 'Temporarily Unavailable'),
    says: '1002 (Ben) is known but none of its phones is registered, and none was since the exchange was started at 08:00.',
  },
  {
    key: 'user.not-registered',
    what: 'then, but now',
    happened: (script) => {
      answeredHere(script, 480, 'Temporarily Unavailable');
      return { bindings: { 1002: [ben] } };
    },
    says: '1002 (Ben) had no registered phone at 14:02; now Desk 2 at 192.0.2.8:5062 is registered again.',
  },
  {
    key: 'user.not-over-tls',
    happened: (script) =>
      answeredHere(
        script,
        480,
        'Temporarily Unavailable',
        { uri: 'sips:1002@office.example' },
        { Warning: '380 x "SIPS Not Allowed"' },
      ),
    says: '1001 (Ada) called 1002 (Ben) by a sips: address, and no phone of 1002 is registered over TLS.',
  },
  {
    key: 'phone.silent',
    happened: (script) => {
      script.in(
        BEN,
        request({ method: 'OPTIONS', callId: 'before', vias: ['SIP/2.0/UDP 192.0.2.8:5062;branch=z9hG4bKo'] }),
      );
      script.out(
        BEN,
        response(200, 'OK', {
          method: 'OPTIONS',
          callId: 'before',
          vias: ['SIP/2.0/UDP 192.0.2.8:5062;branch=z9hG4bKo'],
        }),
      );
      script.wait(600_000);
      silence(script);
      return { bindings: { 1002: [ben] } };
    },
    says: 'The phone of 1002 (Ben) (Desk 2) at 192.0.2.8:5062 was sent the INVITE 7 times from 14:12 on and said nothing; it was last heard at 14:02.',
  },
  {
    key: 'phone.silent',
    what: 'of which nothing is known',
    happened: (script) => silence(script),
    says: /said nothing; nothing was heard from there in the time that is kept\.$/,
  },
  {
    key: 'phone.private-address',
    happened: (script) => {
      script.in(ANNA, request());
      script.out({ host: '192.168.1.20', port: 5060 }, request({ vias }));
      script.wait(30_000).out(ANNA, response(408, 'Request Timeout'));
    },
    says: 'The phone of 1002 (Ben) at 192.168.1.20:5060 did not answer: 192.168.1.20 is a private address of some other network, which cannot be reached from here.',
  },
  {
    key: 'phone.nobody-answered',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(BEN, request({ vias }));
      script.in(BEN, response(180, 'Ringing', { vias }));
      script.wait(60_000).out(ANNA, response(408, 'Request Timeout'));
    },
    says: `${phone} rang for 60 seconds and nobody picked up.`,
  },
  {
    key: 'call.given-up',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(BEN, request({ vias }));
      script.in(BEN, response(180, 'Ringing', { vias }));
      script.wait(12_000).in(ANNA, request({ method: 'CANCEL' }));
      script.out(ANNA, response(200, 'OK', { method: 'CANCEL' }));
      script.out(BEN, request({ method: 'CANCEL', vias: [ourVia('one')] }));
      script.in(BEN, response(487, 'Request Terminated', { vias }));
      script.out(ANNA, response(487, 'Request Terminated'));
    },
    says: '1001 (Ada) hung up after 12 seconds, before anybody took the call; one phone of 1002 (Ben) rang.',
  },
  {
    key: 'call.given-up',
    what: 'before anything rang',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(BEN, request({ vias }));
      script.wait(9_000).in(ANNA, request({ method: 'CANCEL' }));
      script.out(ANNA, response(200, 'OK', { method: 'CANCEL' }));
      script.out(ANNA, response(487, 'Request Terminated'));
    },
    says: '1001 (Ada) hung up after 9 seconds, and until then no phone of 1002 (Ben) had begun to ring: the phone of 1002 (Ben) at 192.0.2.8:5062 said nothing at all.',
  },
  {
    key: 'phone.busy',
    happened: (script) => {
      answeredThere(script, 486, 'Busy Here', { answer: { headers: { 'User-Agent': 'Desk 2' } } });
      return { talks: { 1002: { number: '1003', since: at(14, 1) } } };
    },
    says: 'The phone of 1002 (Ben) (Desk 2) at 192.0.2.8:5062 said that it is busy: it is in a call with 1003 since 14:01.',
  },
  {
    key: 'phone.busy',
    what: 'for reasons of its own',
    happened: (script) => answeredThere(script, 600, 'Busy Everywhere'),
    says: `${phone} said that it is busy.`,
    todo: /do not disturb/,
  },
  {
    key: 'phone.declined',
    happened: (script) =>
      answeredThere(script, 603, 'Decline', { answer: { headers: { Reason: 'SIP;cause=603;text="In a meeting"' } } }),
    says: `${phone} turned the call away; it says: "In a meeting".`,
  },
  {
    key: 'phone.not-available',
    happened: (script) => answeredThere(script, 480, 'Temporarily Unavailable'),
    says: `${phone} said that its user is not available now.`,
  },
  {
    key: 'phone.redirects',
    happened: (script) =>
      answeredThere(script, 302, 'Moved', { answer: { headers: { Contact: '<sip:x@far.example>' } } }),
    says: `${phone} sends callers on to <sip:x@far.example>, and the exchange left that to the caller.`,
  },
  {
    key: 'phone.unsupported-content',
    happened: (script) =>
      answeredThere(script, 415, 'Unsupported Media Type', {
        request: { method: 'MESSAGE', body: 'x', type: 'text/html' },
        answer: { headers: { Accept: 'text/plain' } },
      }),
    says: `${phone} does not take what it was sent (text/html), only text/plain.`,
  },
  {
    key: 'phone.extension',
    happened: (script) =>
      answeredThere(script, 420, 'Bad Extension', { answer: { headers: { Unsupported: '100rel' } } }),
    says: `${phone} does not know "100rel", which the phone of 1001 (Ada) demands.`,
  },
  {
    key: 'phone.session-timer',
    happened: (script) =>
      answeredThere(script, 422, 'Session Interval Too Small', { answer: { headers: { 'Min-SE': '600' } } }),
    says: `${phone} wants calls to be confirmed less often than the phone of 1001 (Ada) does (600 seconds at least).`,
  },
  {
    key: 'phone.method',
    happened: (script) => answeredThere(script, 405, 'Method Not Allowed', { request: { method: 'REFER' } }),
    says: `${phone} does not know REFER.`,
  },
  {
    key: 'phone.bad-event',
    happened: (script) =>
      answeredThere(script, 489, 'Bad Event', { request: { method: 'SUBSCRIBE', headers: { Event: 'talk' } } }),
    says: `${phone} cannot tell about "talk".`,
  },
  {
    key: 'phone.password',
    happened: (script) =>
      answeredThere(script, 407, 'Proxy Authentication Required', {
        answer: { headers: { 'Proxy-Authenticate': 'Digest realm="far", nonce="x"' } },
      }),
    says: `${phone} asks for a password of its own, which the phone of 1001 (Ada) does not have.`,
  },
  {
    key: 'phone.forbids',
    happened: (script) => answeredThere(script, 403, 'Forbidden'),
    says: `${phone} does not let 1001 (Ada) call there.`,
  },
  {
    key: 'phone.cannot-read',
    happened: (script) => answeredThere(script, 400, 'Bad Contact'),
    says: `${phone} cannot make anything of the INVITE of 1001 (Ada) and answered 400 Bad Contact.`,
  },
  {
    key: 'phone.refused',
    happened: (script) => answeredThere(script, 433, 'Anonymity Disallowed'),
    says: `${phone} refused the INVITE with 433 Anonymity Disallowed.`,
  },
  {
    key: 'server.fault',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(BEN, request({ vias }));
      script.in(BEN, response(503, 'Service Unavailable', { vias, headers: { 'Retry-After': '30' } }));
      script.out(ANNA, response(500, 'Server Internal Error'));
    },
    says: `${phone} has a fault of its own or is overloaded: 503 Service Unavailable; it asks to be left alone for 30 seconds.`,
  },
  {
    key: 'media.encryption',
    what: 'wanted by the caller alone',
    happened: (script) => {
      script.in(
        BEN,
        request({
          from: '1002',
          to: '1001',
          callId: 'before',
          body: sdp('RTP/AVP', { 0: 'PCMU' }, '192.0.2.8'),
          vias: ['SIP/2.0/UDP 192.0.2.8:5062;branch=z9hG4bKb'],
        }),
      );
      script.out(
        BEN,
        response(200, 'OK', {
          callId: 'before',
          from: '1002',
          to: '1001',
          vias: ['SIP/2.0/UDP 192.0.2.8:5062;branch=z9hG4bKb'],
        }),
      );
      script.in(BEN, request({ method: 'ACK', callId: 'before', from: '1002', to: '1001' }));
      answeredThere(script, 488, 'Not Acceptable Here', { request: { body: sdp('RTP/SAVP', { 0: 'PCMU' }) } });
    },
    says: 'The phone of 1001 (Ada) offers encrypted sound (SRTP) only, and the phone of 1002 (Ben) at 192.0.2.8:5062 takes plain sound only.',
  },
  {
    key: 'media.encryption',
    what: 'demanded by the other side',
    happened: (script) =>
      answeredThere(script, 488, 'Not Acceptable Here', {
        request: { body: sdp('RTP/AVP', { 0: 'PCMU' }) },
        answer: { headers: { Warning: '399 x "SRTP required"' } },
      }),
    says: 'The phone of 1001 (Ada) offers plain sound only, and the phone of 1002 (Ben) at 192.0.2.8:5062 demands encrypted sound (SRTP).',
  },
  {
    key: 'media.codecs',
    happened: (script) =>
      answeredThere(script, 488, 'Not Acceptable Here', {
        request: { body: sdp('RTP/AVP', { 9: 'G722', 101: 'telephone-event' }) },
        answer: { body: sdp('RTP/AVP', { 0: 'PCMU', 8: 'PCMA', 101: 'telephone-event' }) },
      }),
    says: 'The two phones have no codec in common: that of 1001 (Ada) offers G722, and the phone of 1002 (Ben) at 192.0.2.8:5062 takes PCMU, PCMA.',
  },
  {
    key: 'media.refused',
    happened: (script) =>
      answeredThere(script, 488, 'Not Acceptable Here', { request: { body: sdp('RTP/AVP', { 0: 'PCMU' }) } }),
    says: `${phone} does not take the sound that 1001 (Ada) offers (audio RTP/AVP: PCMU).`,
  },
  {
    key: 'loop.circle',
    happened: (script) =>
      answeredHere(script, 482, 'Loop Detected', {
        vias: [callerVia, 'SIP/2.0/UDP far.example;branch=z9hG4bKf', 'SIP/2.0/UDP 198.51.100.1:5060;branch=z9hG4bKo'],
      }),
    says: 'The call of 1001 (Ada) to 1002 came back to where it had been, by 198.51.100.1:5060, far.example, 192.0.2.7:5060.',
  },
  {
    key: 'loop.redirected',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(BEN, request({ vias }));
      script.in(BEN, response(302, 'Moved', { vias, headers: { Contact: '<sip:1001@office.example>' } }));
      script.out(ANNA, response(482, 'Loop Detected'));
    },
    says: "1002 (Ben) is forwarded to somebody who forwards back, so that nobody's phone rings.",
  },
  {
    key: 'loop.too-many-hops',
    happened: (script) => answeredHere(script, 483, 'Too Many Hops'),
    says: 'The call of 1001 (Ada) to 1002 passed as many servers as it may; most likely it goes round in a circle.',
  },
  {
    key: 'loop.breadth',
    happened: (script) => answeredHere(script, 440, 'Max-Breadth Exceeded'),
    says: 'The call to 1002 would ring at more places at once than a call may.',
  },
  {
    key: 'dialog.too-late-to-cancel',
    happened: (script) => answeredHere(script, 481, 'Call/Transaction Does Not Exist', { method: 'CANCEL' }),
    says: '1001 (Ada) wanted to stop a call of which the exchange knows nothing any more.',
  },
  {
    key: 'dialog.gone',
    happened: (script) =>
      answeredThere(script, 481, 'Call/Transaction Does Not Exist', { request: { method: 'BYE', toTag: 't' } }),
    says: '1001 (Ada) at 192.0.2.7:5060 wanted to hang up, but for the phone of 1002 (Ben) at 192.0.2.8:5062 that call or subscription was over.',
  },
  {
    key: 'dialog.both-at-once',
    happened: (script) => answeredThere(script, 491, 'Request Pending', { request: { toTag: 't' } }),
    says: `${phone} and 1001 (Ada) wanted to change the call in the same moment.`,
  },
  {
    key: 'call.no-ack',
    happened: (script) => {
      const contact = { Contact: '<sip:1002@192.168.1.5:5060>' };
      script.in(ANNA, request());
      script.out(BEN, request({ vias }));
      script.in(BEN, response(200, 'OK', { vias, headers: contact }));
      for (let i = 0; i < 5; i++) script.wait(1_000).out(ANNA, response(200, 'OK', { headers: contact }));
    },
    says: '1002 (Ben) took the call, but the phone of 1001 (Ada) at 192.0.2.7:5060 never confirmed it, so it will break off after half a minute: it may send the confirmation to 192.168.1.5, an address that it cannot reach.',
  },
  {
    key: 'media.one-way',
    happened: (script) => {
      script.in(ANNA, request({ body: sdp('RTP/AVP', { 0: 'PCMU' }, '192.168.1.7') }));
      script.out(BEN, request({ vias, body: sdp('RTP/AVP', { 0: 'PCMU' }, '192.168.1.7') }));
      script.in(BEN, response(200, 'OK', { vias, body: sdp('RTP/AVP', { 0: 'PCMU' }, '192.0.2.8') }));
      script.out(ANNA, response(200, 'OK', { body: sdp('RTP/AVP', { 0: 'PCMU' }, '192.0.2.8') }));
      script.in(ANNA, request({ method: 'ACK', toTag: 't' }));
    },
    says: '1001 (Ada) most likely hears nothing: the phone of 1002 (Ben) was told to send sound to 192.168.1.7, a private address in another network.',
  },
  {
    key: 'media.unheard',
    happened: (script) => {
      answeredThere(script, 200, 'OK');
      script.in(ANNA, request({ method: 'ACK', toTag: 't' }));
      script.wait(30_000).note('nothing was heard of a side of a relayed call', {
        ...{ callId: 'call-1', silent: 'callee', ms: 30_000 },
      });
    },
    says: `1001 (Ada) heard nothing: no sound came from ${phone.replace('The', 'the')} in 30 seconds.`,
  },
  {
    key: 'media.unheard',
    what: 'of both',
    happened: (script) => {
      answeredThere(script, 200, 'OK');
      script.in(ANNA, request({ method: 'ACK', toTag: 't' }));
      script.wait(30_000).note('nothing was heard of a side of a relayed call', {
        ...{ callId: 'call-1', silent: 'both', ms: 30_000 },
      });
    },
    says: /^No sound came from either phone in 30 seconds: neither of the phone of 1001 \(Ada\) at .* nor of the phone of 1002/,
  },
  {
    key: 'media.silent',
    happened: (script) => {
      answeredThere(script, 200, 'OK');
      script.in(ANNA, request({ method: 'ACK', toTag: 't' }));
      script.wait(120_000).note('a relayed call has fallen silent', { callId: 'call-1', silentMs: 120_000 });
    },
    says: 'Nothing was heard of either side of the call between 1001 (Ada) and 1002 (Ben) for 120 seconds, so the exchange gave its ports back.',
  },
  {
    key: 'network.loss-inbound',
    happened: (script) => {
      const options = request({ method: 'OPTIONS' });
      script.in(ANNA, options);
      script.out(ANNA, response(200, 'OK', { method: 'OPTIONS' }));
      for (let i = 0; i < 4; i++) script.wait(1_000).in(ANNA, options);
    },
    says: '192.0.2.7:5060 sent the OPTIONS of 1001 (Ada), 5 times, although it was answered at once: what the exchange sends does not reach it, or late.',
  },
  {
    key: 'network.loss-outbound',
    happened: (script) => {
      script.in(ANNA, request());
      const invite = request({ vias });
      for (let i = 0; i < 4; i++) script.wait(1_000).out(BEN, invite);
      script.in(BEN, response(200, 'OK', { vias }));
      script.out(ANNA, response(200, 'OK'));
      script.in(ANNA, request({ method: 'ACK', toTag: 't' }));
    },
    says: `${phone} answered the INVITE only after 4 tries and 3 seconds: packets are lost on the way, or it was asleep.`,
  },
  {
    key: 'other.no-answer-yet',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(BEN, request({ vias }));
      script.in(BEN, response(180, 'Ringing', { vias }));
      return { later: 10_000 };
    },
    says: 'The INVITE of 1001 (Ada) at 192.0.2.7:5060 has no final answer after 10 seconds; it waits for the phone of 1002 (Ben) at 192.0.2.8:5062.',
  },
  {
    key: 'other.refused',
    happened: (script) => answeredHere(script, 499, 'Whatever'),
    says: 'The INVITE of 1001 (Ada) to 1002 (Ben) ended with 499 Whatever, as the exchange said.',
  },
];
