/** Sound stories to spoil: what phones really say, and every message of the torture tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PHONE, STRANGER } from '../support/wire-office.ts';
import { DOMAIN, type Step, type Story } from './session.ts';

const SDP = `v=0\r\no=- 1 1 IN IP4 ${STRANGER.host}\r\ns=-\r\nc=IN IP4 ${STRANGER.host}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0 8 101\r\n`;

function request(method: string, uri: string, from: string, lines: readonly string[] = [], body = ''): string {
  const head = [
    `${method} ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${STRANGER.host}:${STRANGER.port};branch=z9hG4bK${method};rport`,
    'Max-Forwards: 70',
    `From: "Someone" <sip:${from}>;tag=a73kszlfl`,
    `To: <${method === 'REGISTER' ? `sip:${from}` : uri}>`,
    `Call-ID: ${method}-1@${STRANGER.host}`,
    `CSeq: 314159 ${method}`,
    ...lines,
    `Content-Length: ${body.length}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}

const BEN = `sip:1002@${DOMAIN}`;
const ANNA = `1001@${DOMAIN}`;
const GUEST = 'guest@elsewhere.example';
const CONTACT = `Contact: <sip:guest@${STRANGER.host}:${STRANGER.port};transport=udp>;q=0.7;expires=3600`;
const digest = (header: string, uri: string): string =>
  `${header}: Digest username="1001", realm="${DOMAIN}", nonce="a1b2c3", uri="${uri}", response="0123456789abcdef0123456789abcdef", algorithm=MD5, cnonce="0a4f", qop=auth, nc=00000001, opaque="x"`;
const send = (wire: string): Step => ({ do: 'send', wire });

const INVITE = request(
  'INVITE',
  BEN,
  GUEST,
  [CONTACT, 'Content-Type: application/sdp', 'Supported: 100rel, timer'],
  SDP,
);

const spoken: readonly (readonly Step[])[] = [
  [
    send(INVITE),
    { do: 'answer', status: 180 },
    { do: 'answer', status: 200 },
    { do: 'ack' },
    { do: 'bye' },
    { do: 'answer', status: 200 },
  ],
  [send(INVITE), { do: 'answer', status: 180 }, { do: 'cancel' }, { do: 'answer', status: 200 }],
  [send(INVITE), { do: 'again' }, { do: 'answer', status: 486 }],
  [send(INVITE), { do: 'answer', status: 302 }, { do: 'pass', ms: 40_000 }],
  [
    send(
      request('REGISTER', `sip:${DOMAIN}`, ANNA, [CONTACT, digest('Authorization', `sip:${DOMAIN}`), 'Expires: 600']),
    ),
  ],
  [send(request('REGISTER', `sip:${DOMAIN}`, ANNA, ['Contact: *', 'Expires: 0']))],
  [
    send(
      request('REGISTER', `sip:${DOMAIN}`, ANNA, [
        `${CONTACT};reg-id=1;+sip.instance="<urn:uuid:0>"`,
        'Path: <sip:198.51.100.50;lr;ob>',
      ]),
    ),
  ],
  [
    send(
      request('INVITE', BEN, ANNA, [CONTACT, digest('Proxy-Authorization', BEN), 'Route: <sip:198.51.100.1;lr>'], SDP),
    ),
    { do: 'answer', status: 200 },
  ],
  [send(request('OPTIONS', `sip:${DOMAIN}`, GUEST, ['Accept: application/sdp']))],
  [send(request('MESSAGE', BEN, GUEST, ['Content-Type: text/plain'], 'Hello')), { do: 'answer', status: 202 }],
  [send(request('SUBSCRIBE', BEN, GUEST, ['Event: dialog', 'Expires: 60', CONTACT])), { do: 'answer', status: 200 }],
  [
    send(request('REFER', BEN, GUEST, ['Refer-To: <sip:1001@office.example?Replaces=a%3Bto-tag%3Db>', CONTACT])),
    { do: 'answer', status: 202 },
  ],
  [send(request('PUBLISH', BEN, GUEST, ['Event: presence', 'SIP-If-Match: x'])), { do: 'answer', status: 200 }],
  [
    send(
      request('NOTIFY', `sip:device@${PHONE}:5070`, GUEST, [
        'Event: message-summary',
        'Subscription-State: active;expires=60',
      ]),
    ),
  ],
  [
    send(request('CANCEL', BEN, GUEST)),
    send(request('ACK', BEN, GUEST, ['Route: <sip:198.51.100.1;lr;dlg=0123456789abcdef>'])),
  ],
];

const torture = join(import.meta.dirname, '..', 'torture');
const tortured = ['rfc4475', 'rfc5118'].flatMap((folder) =>
  readdirSync(join(torture, folder)).map((file): readonly Step[] => [
    // So that they reach what is behind the sanity checks of the domain.
    send(readFileSync(join(torture, folder, file), 'latin1').replaceAll('example.com', DOMAIN)),
  ]),
);

export const seeds: readonly (readonly Step[])[] = [...spoken, ...tortured];

const CORPUS = join(import.meta.dirname, 'corpus');

/** What was found once, by name. */
export const corpus = (): [name: string, story: Story][] =>
  readdirSync(CORPUS).map((file) => [file, JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as Story]);
