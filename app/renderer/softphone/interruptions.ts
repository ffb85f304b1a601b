/** What a new connection, a change of network or a lost phone service means for the calls of an account. */
import type { AccountFlow, RegId } from '../../shared/phone-port.ts';
import type { Call } from './call/call.ts';

export interface InterruptionsOptions {
  readonly calls: () => readonly Call[];
  /** The connection that is there now. */
  readonly flow: () => AccountFlow | undefined;
  /** Whether others know this phone by a name that finds it behind every connection. */
  readonly isNamed: () => boolean;
}

const SERVICE_LOST = 'The part of Tandem that carries sound stopped unexpectedly.';

export class Interruptions {
  readonly #options: InterruptionsOptions;
  /** Calls whose sound was lost with the phone service. */
  readonly #silenced = new Set<Call>();
  /** The network changed, or the computer slept: calls are looked at once the registrar answers. */
  #mustCheck = false;
  /** The local end of the last connection. */
  #local: { readonly host: string; readonly port: number } | undefined;

  constructor(options: InterruptionsOptions) {
    this.#options = options;
  }

  networkChanged(): void {
    this.#mustCheck = true;
  }

  /** Sockets and gateway are gone. Calls end once there is a connection again to say so by; `comes`: whether one will be. */
  serviceLost(comes: boolean): void {
    for (const call of this.#options.calls()) this.#silenced.add(call);
    if (!comes) this.#endSilenced();
  }

  /** An attempt to connect is over. Calls that were set up from another address than is ours now are broken. */
  opened(): void {
    this.#endSilenced();
    this.wayChanged();
    const { calls, flow: present, isNamed } = this.#options;
    const flow = present();
    if (flow === undefined) return;
    const before = this.#local;
    this.#local = { host: flow.localHost, port: flow.localPort };
    if (before === undefined) return;
    if (before.host === flow.localHost && (isNamed() || before.port === flow.localPort)) return;
    for (const call of calls()) call.interrupted();
  }

  /**
   * One of two connections is gone, and with it the proxy at its end perhaps, which the route of these calls leads by: they
   * are described anew by the other one, or begun anew (RFC 5626 has no way for the dialogs of a flow that failed).
   */
  lineLost(regId: RegId): void {
    if (this.#options.flow() === undefined) return;
    for (const call of this.#options.calls()) {
      if (call.regId !== regId) continue;
      call.interrupted();
      call.reachable(false);
    }
  }

  /** The server knows where we are. After a sleep, too, where nothing here is another, the other side may have gone meanwhile. */
  accepted(): void {
    const mustCheck = this.#mustCheck;
    this.#mustCheck = false;
    for (const call of this.#options.calls()) call.reachable(mustCheck);
  }

  /** Calls that ring go on by the connection that there is now. */
  wayChanged(): void {
    for (const call of this.#options.calls()) call.follow();
  }

  drop(): void {
    this.#silenced.clear();
  }

  #endSilenced(): void {
    for (const call of this.#silenced) call.dispatch({ type: 'media-lost', reason: SERVICE_LOST });
    this.#silenced.clear();
  }
}
