/** A request as a step of the office sees it: read from the message when it is asked for, and in text for people. */
import type { NameAddr } from '../../sip/grammar/name-addr.ts';
import { toBytes, toText } from '../../sip/grammar/text.ts';
import type { SipUri } from '../../sip/grammar/uri.ts';
import { H, headerId } from '../../sip/message/names.ts';
import type { RequestContext } from '../request-context.ts';
import type { RouteAddress, RouteRequest, RouteUri } from './api.ts';

export class RequestFacts implements RouteRequest {
  readonly #context: RequestContext;
  readonly time: Date;

  constructor(context: RequestContext) {
    this.#context = context;
    this.time = new Date(context.exchange.clock.now());
  }

  get method(): string {
    return this.#context.request.method;
  }

  get uri(): RouteUri {
    return new UriFacts(this.#context.uri, this.#context.uriText);
  }

  get from(): RouteAddress {
    return addressFacts(this.#context.request.from);
  }

  get to(): RouteAddress {
    return addressFacts(this.#context.request.to);
  }

  get callId(): string {
    return toText(this.#context.request.callId);
  }

  get domain(): string | undefined {
    return this.#context.domain;
  }

  get user(): RouteRequest['user'] {
    const { user } = this.#context;
    return user === undefined ? undefined : { number: user.number, domain: user.domain, name: user.name };
  }

  get source(): RouteRequest['source'] {
    const { transport, host, port } = this.#context.source;
    return { transport, address: host, port };
  }

  get isAnonymous(): boolean {
    const { request } = this.#context;
    const { uri } = request.from;
    if (!uri.ok || uri.value.host.toLowerCase() === 'anonymous.invalid') return true;
    if (uri.value.user.toLowerCase() === 'anonymous') return true;
    const privacy =
      request
        .header(H.Privacy)
        ?.toLowerCase()
        .split(/[;,\s]+/) ?? [];
    return privacy.includes('id') || privacy.includes('user');
  }

  header(name: string): string | undefined {
    return this.headers(name)[0];
  }

  headers(name: string): readonly string[] {
    const { headers } = this.#context.request;
    const wanted = toBytes(name).toLowerCase();
    // A compact form is the same header.
    const id = headerId(wanted);
    const values: string[] = [];
    for (let line = 0; line < headers.size; line++) {
      const isIt = id === H.Other ? headers.nameAt(line).toLowerCase() === wanted : headers.idAt(line) === id;
      if (isIt) values.push(toText(headers.valueAt(line)));
    }
    return values;
  }
}

class UriFacts implements RouteUri {
  readonly #uri: SipUri;
  readonly text: string;

  constructor(uri: SipUri, text: string) {
    this.#uri = uri;
    this.text = toText(text);
  }

  get scheme(): string {
    return this.#uri.scheme;
  }

  get user(): string {
    return toText(this.#uri.userDecoded);
  }

  get host(): string {
    return this.#uri.host.toLowerCase();
  }

  get port(): number | undefined {
    return this.#uri.port;
  }

  param(name: string): string | undefined {
    const value = this.#uri.param(name);
    return value === undefined ? undefined : toText(value);
  }
}

/** What stands for an address that cannot be read. */
const NOWHERE: Omit<RouteUri, 'text'> = { scheme: '', user: '', host: '', port: undefined, param: () => undefined };

function addressFacts(address: NameAddr): RouteAddress {
  const { uri, uriText } = address;
  return {
    uri: uri.ok ? new UriFacts(uri.value, uriText) : { ...NOWHERE, text: toText(uriText) },
    name: toText(address.display),
  };
}
