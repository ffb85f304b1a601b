/** A watcher of registrations at an exchange without a network. */
import type { HeaderLine } from '../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../proxy-core/sip/message/message.ts';
import { H } from '../../proxy-core/sip/message/names.ts';
import { DOMAIN, type Incoming, type Outgoing, source, type TestExchange } from './exchange-parts.ts';

export interface Reginfo {
  readonly version: number;
  readonly state: string;
  readonly registration: string;
  /** `event contact` of each, such as `registered sip:a@h`. */
  readonly contacts: readonly string[];
}

export function readReginfo(xml: string): Reginfo {
  const [, version = '', state = ''] = /<reginfo [^>]*version="(\d+)" state="(\w+)"/.exec(xml) ?? [];
  const [, registration = ''] = /<registration [^>]*state="(\w+)"/.exec(xml) ?? [];
  const contacts = [...xml.matchAll(/<contact [^>]*event="(\w+)"[^>]*>\s*<uri>([^<]*)<\/uri>/g)];
  return {
    version: Number(version),
    state,
    registration,
    contacts: contacts.map(([, event, uri]) => `${event} ${uri}`),
  };
}

export class Watcher {
  readonly exchange: TestExchange;
  readonly number: string;
  /** The answer to the first SUBSCRIBE. */
  readonly first: Incoming;
  readonly #event: string;
  #cseq = 10;

  constructor(
    exchange: TestExchange,
    number = '1001',
    password = 'one',
    headers: readonly HeaderLine[] = [],
    body = '',
    from = source,
  ) {
    this.exchange = exchange;
    this.number = number;
    const given = new Set(headers.map(([name]) => name));
    this.#event = headers.find(([name]) => name === 'Event')?.[1] ?? 'reg';
    const usual: HeaderLine[] = [
      ['From', `<sip:${number}@${DOMAIN}>;tag=watcher`],
      ['Call-ID', `watch-${number}`],
      ['Contact', `<sip:${number}@192.0.2.50>`],
      ['Event', 'reg'],
    ];
    const own = [...usual.filter(([name]) => !given.has(name)), ...headers];
    const target = /<([^>]+)>/.exec(own.find(([name]) => name === 'To')?.[1] ?? '')?.[1] ?? `sip:${number}@${DOMAIN}`;
    this.first = exchange.receiveFrom(number, password, 'SUBSCRIBE', target, own, from, body);
  }

  /** Sends SUBSCRIBE again inside the dialog. */
  again(headers: readonly HeaderLine[] = [], password = 'one'): Incoming {
    const { last } = this.first;
    const given = new Set(headers.map(([name]) => name));
    const usual: HeaderLine[] = [
      ['From', last.header(H.From) ?? ''],
      ['To', last.header(H.To) ?? ''],
      ['Call-ID', last.callId],
      ['CSeq', `${++this.#cseq} SUBSCRIBE`],
      ['Contact', `<sip:${this.number}@192.0.2.50>`],
      ['Event', this.#event],
    ];
    const own = [...usual.filter(([name]) => !given.has(name)), ...headers];
    const uri = /<([^>]+)>/.exec(last.header(H.Contact) ?? '')?.[1] ?? '';
    return this.exchange.receiveFrom(this.number, password, 'SUBSCRIBE', uri, own);
  }

  /** The NOTIFYs that were sent to this watcher. */
  get notifies(): Outgoing[] {
    return this.exchange.sent.filter(({ request }) => isTo(request, this.number));
  }

  get states(): string[] {
    return this.notifies.map(({ request }) => request.header(H.SubscriptionState) ?? '');
  }

  get bodies(): string[] {
    return this.notifies.map(({ request }) => request.body);
  }

  get documents(): Reginfo[] {
    return this.notifies.map(({ request }) => readReginfo(request.body));
  }

  /** Answers the last NOTIFY. */
  answer(status = 200, headers: readonly HeaderLine[] = []): void {
    this.notifies.at(-1)?.answer(status, { headers });
  }
}

const isTo = (request: SipRequest, number: string): boolean =>
  request.method === 'NOTIFY' && request.callId === `watch-${number}`;
