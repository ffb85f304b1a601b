/** Digits within a call, by the way that fits it: telephone-event (RFC 4733), tones, or INFO of two kinds. */
import type { Body } from '../../../../proxy-core/sip/message/build.ts';
import type { DtmfWay } from '../../../shared/call-settings.ts';
import type { Leg } from './legs.ts';
import type { MediaSession } from './media-session.ts';

const DIGIT = /^[0-9*#A-D]$/;
/** Milliseconds that an INFO says the key was held. */
const HELD = 160;
/** Typed faster than they are taken, further ones are refused. */
const MAX_WAITING = 64;
/** Codecs that carry tones as they are. */
const CARRIES_TONES = ['PCMU', 'PCMA', 'G722'];

export class Digits {
  readonly #way: DtmfWay;
  readonly #media: MediaSession;
  /** Digits for INFO: one at a time, so that none overtakes another. */
  readonly #waiting: Body[] = [];
  #sending = false;

  constructor(way: DtmfWay, media: MediaSession) {
    this.#way = way;
    this.#media = media;
  }

  /** False where the digit cannot be sent. `codec` is the one in use, as far as it is known. */
  send(digit: string, leg: Leg | undefined, codec: string | undefined): boolean {
    if (!DIGIT.test(digit)) return false;
    switch (this.#way) {
      case 'rtp':
        return this.#media.sendDigit(digit, 'event');
      case 'tones':
        return this.#media.sendDigit(digit, 'tone');
      case 'info-relay':
      case 'info':
        return this.#inform(digit, this.#way, leg);
      case 'auto':
        if (this.#media.sendDigit(digit, 'event')) return true;
        if (codec === undefined || CARRIES_TONES.includes(codec) || leg?.allows('INFO') !== true) {
          return this.#media.sendDigit(digit, 'tone');
        }
        return this.#inform(digit, 'info-relay', leg);
    }
  }

  #inform(digit: string, way: 'info-relay' | 'info', leg: Leg | undefined): boolean {
    if (leg === undefined || this.#waiting.length >= MAX_WAITING) return false;
    this.#waiting.push(
      way === 'info'
        ? { type: 'application/dtmf', content: digit }
        : { type: 'application/dtmf-relay', content: `Signal=${digit}\r\nDuration=${HELD}\r\n` },
    );
    this.#next(leg);
    return true;
  }

  #next(leg: Leg): void {
    if (this.#sending) return;
    const body = this.#waiting.shift();
    if (body === undefined) return;
    this.#sending = true;
    const done = (): void => {
      this.#sending = false;
      this.#next(leg);
    };
    leg.send(
      { method: 'INFO', body },
      {
        response: (response) => {
          if (response.status >= 200) done();
        },
        noResponse: done,
      },
    );
  }
}
