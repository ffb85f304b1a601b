/** What is stopped at the door: bans, noise, passwords, names. */
import {
  ANNA,
  BEN,
  DOMAIN,
  request,
  response,
  type TraceScript,
  type Words,
} from '../../../../../support/trace-script.ts';
import { answeredHere, type Case } from './case.ts';

const NONCE = 'abc';
const digest = (more = '', username = '1003', realm = DOMAIN): string =>
  `Digest username="${username}", realm="${realm}", nonce="${NONCE}", uri="sip:${DOMAIN}", response="${'0'.repeat(32)}"${more}`;
const challenge = (more = ''): Words['headers'] => ({
  'WWW-Authenticate': `Digest realm="${DOMAIN}", nonce="${NONCE}"${more}`,
});

const register = (number: string, cseq: number, headers: Words['headers'] = {}): Words => ({
  ...{ method: 'REGISTER', from: number, to: number, callId: 'reg', cseq, headers },
  vias: [`SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bKreg${cseq};rport`],
});

/** A registration that is challenged, and then `tries` times with credentials that are refused. */
function refused(script: TraceScript, number: string, tries: number, credentials: string, more = ''): void {
  const first = register(number, 1);
  script.in(ANNA, request(first));
  script.out(ANNA, response(401, 'Unauthorized', { ...first, headers: challenge() ?? {} }));
  for (let cseq = 2; cseq < 2 + tries; cseq++) {
    const words = register(number, cseq, { Authorization: credentials });
    script.in(ANNA, request(words));
    script.out(ANNA, response(401, 'Unauthorized', { ...words, headers: challenge(more) ?? {} }));
  }
}

const UNTIL = Date.UTC(2026, 0, 5, 14, 20);
const banned = { address: ANNA.host, since: 0, until: UNTIL, times: 1, reason: '20 wrong passwords' };

export const entrance: readonly Case[] = [
  {
    key: 'guard.banned',
    happened: (script) => {
      script.in(ANNA, request().slice(0, 200), { isRefused: true });
      return { bans: [banned] };
    },
    says: '192.0.2.7 is banned until 14:20 because of 20 wrong passwords, so nothing that it sends is read.',
    todo: /tandem ban lift 192\.0\.2\.7/,
  },
  {
    key: 'guard.slowed',
    happened: (script) => void script.in(ANNA, request().slice(0, 200), { isRefused: true }),
    says: '192.0.2.7 was refused so often lately that most of what it sends is dropped, this message too.',
  },
  {
    key: 'guard.scanner',
    happened: (script) => answeredHere(script, 403, 'Forbidden', { headers: { 'User-Agent': 'friendly-scanner' } }),
    says: 'A program at 192.0.2.7 calls itself "friendly-scanner", which is a tool to look for exchanges to break into: it was refused.',
  },
  {
    key: 'message.not-sip',
    happened: (script) => void script.in(ANNA, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', { transport: 'TCP' }),
    says: '192.0.2.7:5060 sent something that is no SIP; it begins with "GET / HTTP/1.1".',
  },
  {
    key: 'message.too-large',
    happened: (script) => void script.in(ANNA, request({ body: 'x'.repeat(66_000) })),
    says: '192.0.2.7:5060 sent a message of more than 64 KB, which is more than this exchange takes.',
  },
  {
    key: 'message.unreadable',
    happened: (script) => void script.in(ANNA, request().replace('Max-Forwards: 70', 'Max-Forwards 70')),
    says: 'The INVITE from 192.0.2.7:5060 cannot be read because of a header line without a colon (line 2, column 1: "Max-Forwards 70").',
  },
  {
    key: 'message.unreadable',
    what: 'a From that ends too soon',
    happened: (script) => void script.in(ANNA, request().replace(/From: <sip:1001[^\r]*/, 'From: <sip:1001')),
    says: /^The INVITE from 192\.0\.2\.7:5060 cannot be read because of .* in the header From \(line 4, column 7: "From: <sip:1001"\)\.$/,
  },
  {
    key: 'message.malformed',
    happened: (script) =>
      answeredHere(script, 400, 'Bad Request - a malformed Max-Forwards', { headers: { 'X-Wrong': '1' } }),
    says: 'The INVITE of 1001 (Ada) at 192.0.2.7:5060 has a malformed Max-Forwards.',
  },
  {
    key: 'uri.scheme',
    happened: (script) => answeredHere(script, 416, 'Unsupported URI Scheme', { uri: 'mailto:ben@office.example' }),
    says: '1001 (Ada) called "mailto:ben@office.example", which is no SIP address.',
  },
  {
    key: 'sip.version',
    happened: (script) => {
      script.in(ANNA, request());
      script.out(ANNA, response(505, 'Version Not Supported'));
    },
    says: '192.0.2.7:5060 speaks a version of SIP that nobody here knows.',
  },
  {
    key: 'extension.proxy-require',
    happened: (script) =>
      answeredHere(
        script,
        420,
        'Bad Extension',
        { headers: { 'Proxy-Require': 'nothing' } },
        { Unsupported: 'nothing' },
      ),
    says: 'The phone of 1001 (Ada) at 192.0.2.7:5060 demands "nothing" of the exchange, which it does not have.',
  },
  {
    key: 'password.wrong',
    what: 'often, until the address was banned',
    happened: (script) => {
      refused(script, '1003', 12, digest());
      return { bans: [{ ...banned, reason: '12 wrong passwords' }] };
    },
    says: 'The password for 1003 was wrong 12 times from 192.0.2.7; that address is banned until 14:20.',
    todo: /Type the password of 1003 into that phone again.*tandem ban lift 192\.0\.2\.7/,
  },
  {
    key: 'password.wrong',
    what: 'once, for another number than that of From',
    happened: (script) => refused(script, '1001', 1, digest('', '1003')),
    says: 'The password for 1003 was wrong once from 192.0.2.7.',
  },
  {
    key: 'password.unknown-user',
    happened: (script) => refused(script, '1001', 2, digest('', 'ada')),
    says: 'A phone at 192.0.2.7 signs in as "ada", and nobody of that name is in office.example (twice).',
    todo: 'Set the user name (authentication name) in that phone to 1001.',
  },
  {
    key: 'password.other-realm',
    happened: (script) => refused(script, '1003', 1, digest('', '1003', 'asterisk')),
    says: 'The phone of 1003 at 192.0.2.7:5060 proves its password for "asterisk", but this office is "office.example".',
  },
  {
    key: 'password.unreadable',
    happened: (script) => refused(script, '1003', 1, 'Basic abc'),
    says: /^The phone of 1003 at 192\.0\.2\.7:5060 proves its password in a way that cannot be read: .*basic/,
  },
  {
    key: 'password.stale',
    happened: (script) => refused(script, '1003', 4, digest(), ', stale=TRUE'),
    says: 'The phone of 1003 at 192.0.2.7:5060 knows its password, but answers challenges that are too old or were used before (4 times), and not the new one.',
  },
  {
    key: 'password.none',
    happened: (script) => refused(script, '1003', 0, ''),
    says: 'The phone of 1003 at 192.0.2.7 was asked for a password once and gave none.',
  },
  {
    key: 'password.none',
    what: 'by somebody unknown',
    happened: (script) => refused(script, '2000', 0, ''),
    says: 'Somebody who calls himself 2000 at 192.0.2.7 was asked for a password once and gave none.',
  },
  {
    key: 'password.other-uri',
    happened: (script) => answeredHere(script, 400, 'Bad Request - credentials for another Request-URI'),
    says: 'The INVITE of 1001 (Ada) at 192.0.2.7:5060 was changed on its way after the phone had signed it.',
    todo: /SIP ALG/,
  },
  {
    key: 'identity.not-own-name',
    happened: (script) => answeredHere(script, 403, 'Not Your Name', { headers: { 'Proxy-Authorization': digest() } }),
    says: 'A phone at 192.0.2.7:5060 signed in as 1003 but called as 1001, which is not its number.',
    todo: /tandem alias add 1003 1001/,
  },
  {
    key: 'identity.not-own-address',
    happened: (script) =>
      answeredHere(script, 403, 'Not Your Address', {
        method: 'REGISTER',
        to: '1002',
        headers: { Authorization: digest() },
      }),
    says: 'A phone at 192.0.2.7:5060 signed in as 1003 but wanted to register for 1002.',
  },
  {
    key: 'identity.relay',
    happened: (script) => answeredHere(script, 403, 'Relaying Denied', { from: 'x@far.example', to: 'y@away.example' }),
    says: 'sip:x@far.example at 192.0.2.7:5060 is nobody of this office and wanted to reach sip:y@away.example, who is not either.',
  },
  {
    key: 'register.too-many',
    happened: (script) => answeredHere(script, 403, 'Too Many Registered Devices', { method: 'REGISTER', to: '1003' }),
    says: '1003 has 0 phones registered already, and one more at 192.0.2.7:5060 was refused (10 is the most).',
    todo: /tandem location show 1003/,
  },
  {
    key: 'register.own-contact',
    happened: (script) =>
      answeredHere(script, 403, 'A Contact Must Not Be the Address It Stands For', { method: 'REGISTER', to: '1003' }),
    says: "The phone of 1003 at 192.0.2.7:5060 gave the office's own address as the place where it can be reached.",
  },
  {
    key: 'register.too-brief',
    happened: (script) =>
      answeredHere(script, 423, 'Interval Too Brief', { method: 'REGISTER', to: '1003' }, { 'Min-Expires': '60' }),
    says: 'The phone of 1003 at 192.0.2.7:5060 wants to register for less than 60 seconds at a time, which is the shortest.',
  },
  {
    key: 'register.unknown-extension',
    happened: (script) =>
      answeredHere(script, 420, 'Bad Extension', { method: 'REGISTER', to: '1003' }, { Unsupported: 'wonder' }),
    says: 'The phone of 1003 at 192.0.2.7:5060 demands "wonder", which this exchange does not know.',
  },
  {
    key: 'register.missing-extension',
    happened: (script) =>
      answeredHere(script, 421, 'Extension Required', { method: 'REGISTER', to: '1003' }, { Require: 'outbound' }),
    says: 'The exchange was told to let only phones register that know "outbound", and that of 1003 at 192.0.2.7:5060 does not.',
  },
  {
    key: 'register.first-hop',
    happened: (script) =>
      answeredHere(script, 439, 'First Hop Lacks Outbound Support', { method: 'REGISTER', to: '1003' }),
    says: 'A server between the phone of 1003 and this exchange does not know Outbound, which the phone wants to use.',
  },
  {
    key: 'watch.unknown-event',
    happened: (script) =>
      answeredHere(
        script,
        489,
        'Bad Event',
        { method: 'SUBSCRIBE', headers: { Event: 'weather' } },
        { 'Allow-Events': 'reg' },
      ),
    says: 'The phone of 1001 (Ada) wants to watch "weather", which this exchange does not tell about (only reg).',
  },
  {
    key: 'watch.format',
    happened: (script) =>
      answeredHere(script, 406, 'Not Acceptable', { method: 'SUBSCRIBE' }, { Accept: 'application/reginfo+xml' }),
    says: 'The phone of 1001 (Ada) wants to be told in a form that this exchange does not write (only application/reginfo+xml).',
  },
  {
    key: 'watch.rules',
    happened: (script) => answeredHere(script, 403, 'Not Yours To Watch', { method: 'SUBSCRIBE' }),
    says: 'By the rules of the office 1001 (Ada) may not watch the lamp of 1002.',
    todo: /tandem presence rule 1002 listed --listed 1001/,
  },
  {
    key: 'watch.too-many',
    happened: (script) => answeredHere(script, 403, 'List Too Long - at most 400 users', { method: 'SUBSCRIBE' }),
    says: 'The phone of 1001 (Ada) at 192.0.2.7:5060 has more users in one list than one user may.',
  },
  {
    key: 'publish.outdated',
    happened: (script) => answeredHere(script, 412, 'Conditional Request Failed', { method: 'PUBLISH' }),
    says: 'The phone of 1001 (Ada) at 192.0.2.7:5060 wanted to renew a state of which the exchange knows nothing any more.',
  },
  {
    key: 'watch.not-allowed',
    happened: (script) => answeredHere(script, 403, 'Forbidden', { method: 'SUBSCRIBE' }),
    says: '1001 (Ada) may not watch 1002.',
    todo: /tandem user admin 1001 yes/,
  },
  {
    key: 'register.not-stored',
    happened: (script) =>
      answeredHere(script, 500, 'Registration Could Not Be Stored', { method: 'REGISTER', to: '1003' }),
    says: 'The registration of 1003 could not be written to disk.',
  },
  {
    key: 'register.out-of-order',
    happened: (script) => answeredHere(script, 500, 'Registration Out Of Order', { method: 'REGISTER', to: '1003' }),
    says: 'The phone of 1003 at 192.0.2.7:5060 sent an older registration after a newer one.',
  },
  {
    key: 'register.flapping',
    happened: (script) => {
      for (let cseq = 1; cseq <= 8; cseq++) {
        const words = { ...register('1002', cseq), callId: `reg${cseq}` };
        script.in(BEN, request(words));
        script.out(BEN, response(200, 'OK', words));
        script.wait(5_000);
      }
    },
    says: 'The phone of 1002 (Ben) at 192.0.2.8 registered 8 times, every 5 seconds: it restarts, loses its network, or is set to a much too short time.',
  },
];
