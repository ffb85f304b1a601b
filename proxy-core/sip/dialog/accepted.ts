/**
 * The 2xx to an INVITE on the side that was called: sent again until the ACK comes, over reliable transports too, since a
 * proxy on the way may lose it (RFC 3261 §13.3.1.4).
 */
import type { Clock, Timer } from '../transaction/clock.ts';

/** Milliseconds (RFC 3261, table 4). */
const T1 = 500;
const T2 = 4_000;

export interface AcceptedPorts {
  readonly clock: Clock;
  /** Sends the 2xx, the first time included. */
  readonly send: () => void;
  /** No ACK came within 64 T1 (32 s): the session should be ended by a BYE. */
  readonly noAck: () => void;
}

export interface Accepted {
  /** The ACK came. Gives false where it had come before. */
  acknowledge(): boolean;
  stop(): void;
}

export function sendAccepted({ clock, send, noAck }: AcceptedPorts): Accepted {
  let waiting = true;
  let resend: Timer;
  const end = (): boolean => {
    const was = waiting;
    waiting = false;
    resend.cancel();
    giveUp.cancel();
    return was;
  };
  const giveUp = clock.after(64 * T1, () => {
    if (end()) noAck();
  });
  const arm = (ms: number): Timer =>
    clock.after(ms, () => {
      send();
      if (waiting) resend = arm(Math.min(ms * 2, T2));
    });
  resend = arm(T1);
  send();
  return { acknowledge: end, stop: () => void end() };
}
