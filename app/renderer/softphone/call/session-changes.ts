/** Our requests that change or confirm an answered call: re-INVITE, and UPDATE as a sign of life (RFC 3261 §14.1, RFC 4028 §7.4). */
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { abilities } from './features.ts';
import type { CallHost } from './host.ts';
import type { Leg } from './legs.ts';
import type { SessionTimer } from './session-timer.ts';
import type { CallEvent } from './types.ts';

export interface SessionChangesPorts {
  readonly timer: SessionTimer;
  /** The leg of the answered call; undefined once it ended. */
  readonly talking: () => { readonly tag: string; readonly leg: Leg | undefined } | undefined;
  readonly dispatch: (event: CallEvent) => void;
}

const GONE = 'The other side no longer knew this call.';

export class SessionChanges {
  readonly #host: CallHost;
  readonly #ports: SessionChangesPorts;

  constructor(host: CallHost, ports: SessionChangesPorts) {
    this.#host = host;
    this.#ports = ports;
  }

  /** Without `sdp` the offer is left to the peer. */
  reinvite(sdp: string | undefined): void {
    const { timer, talking, dispatch } = this.#ports;
    const at = talking();
    const body = sdp === undefined ? undefined : { type: 'application/sdp', content: sdp };
    at?.leg?.send(
      { method: 'INVITE', headers: this.#headers(), body },
      {
        response: (response, invite) => {
          const { status } = response;
          const accepted = status >= 200 && status < 300;
          if (accepted && this.#host.acks.repeat(response)) return;
          if (status === 422 && timer.raise(response) && talking() !== undefined) {
            this.reinvite(sdp);
            return;
          }
          if (accepted) timer.took(response);
          else if (status >= 300) timer.failed();
          dispatch({ type: 'change-response', leg: at.tag, invite, response });
        },
        noResponse: (reason) => {
          timer.failed();
          dispatch({ type: 'change-failed', reason });
        },
      },
    );
  }

  /** A sign of life: by UPDATE, which leaves the sound alone, where the peer takes it. */
  refresh(): void {
    const { timer, talking, dispatch } = this.#ports;
    const leg = talking()?.leg;
    if (leg?.allows('UPDATE') !== true) {
      dispatch({ type: 'refresh' });
      return;
    }
    leg.send(
      { method: 'UPDATE', headers: this.#headers() },
      {
        response: (response) => {
          const { status } = response;
          if (status < 200) return;
          if (status < 300) {
            leg.retarget(response);
            timer.took(response);
          } else if (status === 422 && timer.raise(response)) this.refresh();
          else if (status === 481) dispatch({ type: 'gone', reason: GONE, bye: false });
          else timer.failed();
        },
        noResponse: () => timer.failed(),
      },
    );
  }

  #headers(): HeaderLine[] {
    const { contact, settings } = this.#host;
    return [[H.Contact, contact()], ...abilities(settings), ...this.#ports.timer.headers()];
  }
}
