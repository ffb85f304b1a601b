/** Stories grown from the grammar of SIP (RFC 3261 §25.1), its corners included, for fast-check to try and to shrink. */
import fc from 'fast-check';
import { PHONE, SELF, STRANGER } from '../support/wire-office.ts';
import { DOMAIN, type Step, type Story } from './session.ts';

const METHODS = [
  ...['INVITE', 'ACK', 'BYE', 'CANCEL', 'REGISTER', 'OPTIONS', 'SUBSCRIBE', 'NOTIFY', 'MESSAGE', 'INFO', 'UPDATE'],
  ...['PRACK', 'REFER', 'PUBLISH', 'NEWMETHOD', "!%'*+-.0_`~"],
];

const token = fc.string({ unit: fc.constantFrom(..."abcZ019-.!%*_+`'~"), minLength: 1, maxLength: 12 });
const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const text = fc.string({ unit: byte, maxLength: 30 }).map((bytes) => bytes.replace(/[\r\n]/g, ' '));
const quoted = text.map((bytes) => `"${bytes.replace(/["\\]/g, '\\$&')}"`);
/** Most are well formed; now and then one is not. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd });
const number = mostly(
  fc.nat(100_000).map(String),
  fc.constantFrom('', '-1', '0', '00', '2147483647', '2147483648', '4294967296', '9'.repeat(40), '1.5', ' 1', 'x'),
);

const blank = mostly(fc.constant(' '), fc.constantFrom('', '\t', '   ', '\r\n ', '\r\n\t '));
const user = mostly(
  fc.constantFrom('1001', '1002', '1999', 'anonymous'),
  fc.oneof(
    token,
    fc.constantFrom('%31001', '10%3001', '%00', '1001;x=y', '1001:secret', "a&=+$,;?/'", '%', '', '\0', '1001\xff'),
  ),
);
const host = mostly(
  fc.constantFrom(DOMAIN, DOMAIN.toUpperCase(), SELF, 'elsewhere.example', STRANGER.host),
  fc.oneof(
    fc.constantFrom(
      PHONE,
      '198.51.100.99',
      '[2001:db8::10]',
      '[::ffff:198.51.100.1]',
      '[::]',
      '[',
      '',
      '999.1.1.1',
      'a..b',
    ),
    fc.constantFrom(`${DOMAIN}.`, 'localhost', '0.0.0.0', '255.255.255.255', 'toString', '__proto__'),
    token,
  ),
);
const port = mostly(
  fc.constantFrom('', ':5060', ':5066', ':5070'),
  number.map((digits) => `:${digits}`),
);
const param = fc.oneof(
  fc.constantFrom(
    ';lr',
    ';lr=on',
    ';transport=tcp',
    ';transport=udp',
    ';transport=sctp',
    ';user=phone',
    ';ttl=1',
    ';method=BYE',
  ),
  fc.constantFrom(
    ';maddr=198.51.100.99',
    `;maddr=${SELF}`,
    ';dlg=0',
    ';ob',
    ';gr',
    ';tag=1',
    ';%74ag=x',
    ';',
    ';=',
    ';;',
  ),
  fc
    .tuple(token, fc.option(fc.oneof(token, quoted)))
    .map(([name, value]) => `;${name}${value === null ? '' : `=${value}`}`),
);
const params = mostly(
  fc.constant(''),
  fc.array(param, { maxLength: 4 }).map((all) => all.join('')),
);
const uri = mostly(
  fc
    .tuple(fc.constantFrom('sip:', 'sip:', 'sip:', 'sips:', 'SIP:'), user, host, port, params)
    .map(([scheme, who, where, at, rest]) => `${scheme}${who === '' ? '' : `${who}@`}${where}${at}${rest}`),
  fc.oneof(
    fc.constantFrom(
      'tel:+1555',
      'urn:service:sos',
      'http://a',
      '*',
      'sip:',
      ':',
      '<sip:a@b>',
      'sip:a@b?Route=%3Csip:c%3E',
      'x:y',
    ),
    text,
  ),
);
const display = mostly(fc.constant(''), fc.oneof(quoted, token, text));
const address = mostly(
  fc.tuple(display, uri, params).map(([name, target, rest]) => `${name}${name === '' ? '' : ' '}<${target}>${rest}`),
  fc.oneof(
    uri,
    text,
    fc.constant('*'),
    fc.tuple(uri, params).map(([target, rest]) => target + rest),
  ),
);
const tagged = fc
  .tuple(
    address,
    mostly(
      token.map((tag) => `;tag=${tag}`),
      fc.constant(''),
    ),
  )
  .map((both) => both.join(''));
const branch = mostly(
  fc.constantFrom('z9hG4bKone', 'z9hG4bKtwo', 'z9hG4bK3'),
  fc.oneof(token, fc.constantFrom('', 'z9hG4bK')),
);
const via = mostly(
  fc
    .tuple(
      fc.constantFrom('UDP', 'UDP', 'TCP', 'TLS', 'WSS', 'SCTP'),
      host,
      port,
      branch,
      fc.constantFrom('', ';rport', ';rport=1;received=198.51.100.99', ';maddr=198.51.100.99;ttl=1'),
    )
    .map(([transport, where, at, key, rest]) => `SIP/2.0/${transport} ${where}${at};branch=${key}${rest}`),
  fc.oneof(
    text,
    fc.constantFrom('SIP / 2.0 / UDP a ; branch = b', 'SIP/2.0/UDP', 'SIP/3.0/UDP a', 'SIP/2.0/UDP a, SIP/2.0/UDP b'),
  ),
);

const credentials = fc
  .tuple(user, uri, fc.constantFrom('MD5', 'SHA-256', 'MD5-sess', 'none', ''), number, text)
  .map(([who, where, algorithm, count, junk]) =>
    [
      `Digest username="${who}", realm="${DOMAIN}", nonce="${junk.replace(/"/g, '')}", uri="${where}"`,
      `response="${'0'.repeat(32)}", algorithm=${algorithm}, qop=auth, nc=${count.padStart(8, '0')}, cnonce="x"`,
    ].join(', '),
  );

/** Name and value of a header that may stand in a request or not. */
const other = fc.oneof(
  fc.tuple(
    fc.constantFrom('Route', 'Record-Route', 'Path', 'Service-Route', 'Refer-To', 'P-Asserted-Identity', 'Diversion'),
    address,
  ),
  fc.tuple(
    fc.constantFrom('Require', 'Proxy-Require', 'Supported', 'Unsupported', 'Allow', 'Event'),
    mostly(fc.constantFrom('path', '100rel', 'outbound, gruu', 'timer'), text),
  ),
  fc.tuple(
    fc.constantFrom('Expires', 'Min-Expires', 'Max-Breadth', 'Session-Expires', 'Retry-After', 'RSeq', 'Timestamp'),
    number,
  ),
  fc.tuple(fc.constantFrom('Authorization', 'Proxy-Authorization'), mostly(credentials, text)),
  fc.tuple(
    fc.constantFrom('Subject', 'User-Agent', 'Reason', 'Accept', 'Date', 'Warning', 'X-Odd', 'Content-Type', 's', 'k'),
    text,
  ),
  fc.tuple(
    fc.constantFrom('Contact', 'm'),
    fc.array(address, { minLength: 1, maxLength: 3 }).map((all) => all.join(',')),
  ),
  fc.tuple(token, text),
);

const message: fc.Arbitrary<string> = fc
  .record({
    method: fc.constantFrom(...METHODS),
    uri: mostly(fc.constantFrom(`sip:1002@${DOMAIN}`, `sip:${DOMAIN}`, `sip:1002@${SELF}`), uri),
    version: mostly(fc.constant('SIP/2.0'), fc.constantFrom('sip/2.0', 'SIP/3.0', 'SIP/2.0 ', 'HTTP/1.1', '')),
    vias: mostly(fc.array(via, { minLength: 1, maxLength: 3 }), fc.array(via, { maxLength: 1 })),
    from: mostly(fc.constantFrom('<sip:guest@elsewhere.example>;tag=1', `<sip:1001@${DOMAIN}>;tag=2`), tagged),
    to: mostly(fc.constantFrom(`<sip:1002@${DOMAIN}>`, `<sip:1001@${DOMAIN}>`), tagged),
    callId: mostly(fc.constantFrom('call-1', 'call-2'), fc.oneof(token, text)),
    cseq: fc.tuple(number, blank),
    cseqMethod: mostly(fc.constant(undefined), fc.constantFrom<string | undefined>('INVITE', '', 'x y')),
    maxForwards: mostly(fc.constantFrom<string | null>('70', '1'), fc.oneof(number, fc.constant(null))),
    others: fc.array(other, { maxLength: 6 }),
    body: mostly(fc.constant(''), fc.string({ unit: byte, maxLength: 80 })),
    length: mostly(fc.constant(undefined), fc.oneof(number, fc.constant<string | undefined>(''))),
    lineEnd: mostly(fc.constant('\r\n'), fc.constant('\n')),
  })
  .map((m) => {
    const required: [string, string][] = [
      ...m.vias.map((value): [string, string] => ['Via', value]),
      ['From', m.from],
      ['To', m.to],
      ['Call-ID', m.callId],
      ['CSeq', `${m.cseq.join('')}${m.cseqMethod ?? m.method}`],
      ...(m.maxForwards === null ? [] : [['Max-Forwards', m.maxForwards] as [string, string]]),
    ];
    const all = [...required, ...m.others, ['Content-Length', m.length ?? String(m.body.length)]];
    const head = all.map(([name, value]) => `${name}: ${value}${m.lineEnd}`).join('');
    return `${m.method} ${m.uri} ${m.version}${m.lineEnd}${head}${m.lineEnd}${m.body}`;
  });

const spoil = fc.option(fc.integer({ min: 1, max: 1_000_000 }), { nil: undefined, freq: 2 });
const withSpoil = <T extends object>(step: T, seed: number | undefined): T & { spoil?: number } =>
  seed === undefined ? step : { ...step, spoil: seed };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(
        message,
        fc.constantFrom('stranger' as const, 'stranger' as const, 'phone' as const),
        fc.constantFrom('UDP' as const, 'TCP' as const),
      )
      .map(([wire, from, over]): Step => ({ do: 'send', wire, from, over })),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(100, 180, 183, 200, 202, 302, 401, 407, 408, 481, 486, 487, 500, 503, 600, 699), spoil)
      .map(([status, seed]): Step => withSpoil({ do: 'answer' as const, status }, seed)),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'again' }) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom('cancel' as const, 'ack' as const, 'bye' as const), spoil)
      .map(([what, seed]): Step => withSpoil({ do: what }, seed)),
  },
  { weight: 1, arbitrary: fc.constantFrom(1, 500, 5_000, 33_000, 200_000).map((ms): Step => ({ do: 'pass', ms })) },
);

export const story: fc.Arbitrary<Story> = fc.record({
  office: fc.record({
    mode: fc.constantFrom(
      'proxy' as const,
      'proxy' as const,
      'proxy' as const,
      'redirect' as const,
      'stateless' as const,
    ),
    trusting: fc.boolean(),
  }),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
});
