/**
 * Has Tandem's own exchange keep do not disturb for all devices of the user, by the codes that people dial there (`*78`,
 * `*79`), sent as a MESSAGE. Other servers would take that for a number, so they are not asked.
 */
import type { Body } from '../../../../proxy-core/sip/message/build.ts';
import { OURS } from '../ours.ts';
import { type Sent, sendRequest } from '../send-request.ts';
import { type EventsHost, outsideRequest } from './host.ts';

const CODES = { on: '*78', off: '*79' } as const;

export class ServerQuiet {
  readonly #host: EventsHost;
  #wanted: boolean;
  /** What the exchange was told last. It survives a restart there, as the wish does here. */
  #told: boolean;
  #isOurs = false;
  #sent: Sent | undefined;

  constructor(host: EventsHost, doNotDisturb: boolean) {
    this.#host = host;
    this.#wanted = doNotDisturb;
    this.#told = doNotDisturb;
  }

  /** This is wanted from now on. */
  want(doNotDisturb: boolean): void {
    this.#wanted = doNotDisturb;
    this.#proceed();
  }

  /** The account is registered. @param server as that one names itself */
  registered(server: string): void {
    this.#isOurs = OURS.test(server);
    this.#proceed();
  }

  drop(): void {
    this.#isOurs = false;
    this.#sent?.forget();
    this.#sent = undefined;
  }

  #proceed(): void {
    const host = this.#host;
    const on = this.#wanted;
    if (!this.#isOurs || this.#sent !== undefined || on === this.#told) return;
    const uri = host.aor.replace(/^(sips?:).*@/i, `$1${on ? CODES.on : CODES.off}@`);
    const ids = { callId: `${host.random(16)}@tandem.invalid`, localTag: host.random(8) };
    const body: Body = { type: 'text/plain', content: on ? 'Do not disturb' : 'May be called' };
    this.#sent = sendRequest(
      host.way,
      {
        ...{ method: 'MESSAGE', body: body.content },
        build: (attempt, headers) =>
          outsideRequest(host, { method: 'MESSAGE', uri, ...ids, cseq: attempt + 1, headers, body }),
      },
      {
        response: ({ status }) => {
          if (status < 200) return;
          this.#sent = undefined;
          // One that refuses would do so again.
          this.#told = on;
          this.#proceed();
        },
        noResponse: () => {
          // With the next registration.
          this.#sent = undefined;
        },
      },
    );
  }
}
