/**
 * A response that is sent again until its peer confirms it, over reliable transports too, since a proxy on the way may
 * lose it: the 2xx to an INVITE until its ACK (RFC 3261 §13.3.1.4), a reliable 1xx until its PRACK (RFC 3262 §3).
 */
import type { Clock, Timer } from '../transaction/clock.ts';

/** Milliseconds (RFC 3261, table 4). */
const T1 = 500;
const T2 = 4_000;

export interface ResendPorts {
  readonly clock: Clock;
  /** Sends the response, the first time included. */
  readonly send: () => void;
  /** Nothing came within 64 T1 (32 s). */
  readonly gaveUp: () => void;
}

export interface Resending {
  stop(): void;
}

/** The pause between two 2xx doubles up to 4 s. */
export const resendAccepted = (ports: ResendPorts): Resending => resend(ports, T2);

/** The pause between two reliable 1xx doubles without end. */
export const resendReliable = (ports: ResendPorts): Resending => resend(ports, Number.POSITIVE_INFINITY);

function resend({ clock, send, gaveUp }: ResendPorts, longest: number): Resending {
  let waiting = true;
  let next: Timer;
  const stop = (): void => {
    waiting = false;
    next.cancel();
    limit.cancel();
  };
  const limit = clock.after(64 * T1, () => {
    if (!waiting) return;
    stop();
    gaveUp();
  });
  const arm = (ms: number): Timer =>
    clock.after(ms, () => {
      send();
      if (waiting) next = arm(Math.min(ms * 2, longest));
    });
  next = arm(T1);
  send();
  return { stop };
}
