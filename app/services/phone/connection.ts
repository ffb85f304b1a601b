/** What one account has on the network, whether it goes to a server or listens for others. */
import type { Account } from '../../shared/bridge.ts';
import type { OpenedFlow, RegId } from '../../shared/phone-port.ts';
import type { Descriptions } from './descriptions.ts';
import type { SendResult } from './outgoing.ts';

export interface Connection {
  readonly account: Account;
  readonly descriptions: Descriptions;
  /**
   * Where peers send sound to now, in calls by this line; undefined while there is no connection or no
   * network, empty where there never is on this line.
   */
  soundHost(regId: RegId): Promise<string | undefined>;
  /** Settings that hold from the next opening on. */
  reconfigure(account: Account): void;
  /** Whether these are our sockets for SIP, which no sound goes to. */
  listensOn(endpoint: { readonly address: string; readonly port: number }): boolean;
  open(regId: RegId): Promise<OpenedFlow>;
  /** By which line an address is reached that a person called; text of a SIP URI. */
  lineTowards(uri: string): Promise<RegId>;
  /** Sends one message of the window. Where it goes is decided here. */
  send(flowId: string, wire: string): Promise<SendResult>;
  close(): Promise<void>;
}
