/**
 * Tells a web server of every call that has ended: one POST for each, signed, tried again until it is taken (docs/records.md).
 * It works behind the calls: what waits is in the store, and nothing of a call waits for it.
 */
import { createHmac } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { CallStore } from '../store/call-store.ts';
import { version } from '../version.ts';

export interface WebhookOptions {
  readonly calls: CallStore;
  /** Only this machine may be told. */
  readonly loopback: boolean;
  readonly log: { warn(text: string, details?: Readonly<Record<string, unknown>>): void };
  readonly now?: () => number;
  /** Waits before the next attempts at one call that was refused, in ms; after the last it is given up. */
  readonly retries?: readonly number[];
  /** Waits while nobody answers at all; the last one again and again. */
  readonly pauses?: readonly number[];
  /** How long an answer may take, in ms. */
  readonly answerMs?: number;
}

const AT_ONCE = 4;
const ANSWER_MS = 10_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const RETRIES = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
const PAUSES = [SECOND, 2 * SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE];
/** Nobody wants to hear of a call that is older. */
const TOO_OLD_MS = 72 * HOUR;
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|localhost|\[::1\])$/i;

interface Waiting {
  readonly id: number;
  readonly at: number;
}

export class CallWebhook {
  readonly #options: WebhookOptions;
  readonly #now: () => number;
  readonly #agents = { http: new HttpAgent({ keepAlive: true }), https: new HttpsAgent({ keepAlive: true }) };
  readonly #retries: readonly number[];
  readonly #pauses: readonly number[];
  /** By how often each was refused. All in one list wait equally long, so that the first of it is due first. */
  readonly #lists: Waiting[][];
  #open = 0;
  /** How often in a row nobody answered, and until when we wait for that. */
  #silent = 0;
  #pausedUntil = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isClosed = false;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#retries = options.retries ?? RETRIES;
    this.#pauses = options.pauses ?? PAUSES;
    this.#lists = [0, ...this.#retries].map(() => []);
    for (const id of options.calls.webhooks.waiting()) this.#wait(0, id, 0);
    options.calls.onQueued((id) => {
      this.#wait(0, id, 0);
      this.#pump();
    });
    this.#pump();
  }

  /** Lets go of what is open; it is told again after the next start. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#agents.http.destroy();
    this.#agents.https.destroy();
  }

  #wait(refusals: number, id: number, ms: number): void {
    this.#lists[refusals]?.push({ id, at: this.#now() + ms });
  }

  #pump(): void {
    if (this.#isClosed) return;
    const now = this.#now();
    // While nobody answers, one attempt is enough to find out.
    const most = this.#silent > 0 ? 1 : AT_ONCE;
    while (this.#open < most && now >= this.#pausedUntil) {
      const refusals = this.#lists.findIndex(([first]) => first !== undefined && first.at <= now);
      const next = this.#lists[refusals]?.shift();
      if (next === undefined) break;
      this.#tell(next.id, refusals);
    }
    this.#sleep(now);
  }

  #sleep(now: number): void {
    clearTimeout(this.#timer);
    if (this.#open > 0) return;
    let due = Number.POSITIVE_INFINITY;
    for (const [first] of this.#lists) if (first !== undefined) due = Math.min(due, first.at);
    if (due === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => this.#pump(), Math.max(0, Math.max(due, this.#pausedUntil) - now));
    this.#timer.unref();
  }

  #tell(id: number, refusals: number): void {
    const { webhooks, settings } = this.#options.calls;
    const { url, secret } = settings.webhook;
    const body = webhooks.bodyOf(id);
    if (body === undefined) return;
    if (url === undefined || id / 1000 < this.#now() - TOO_OLD_MS) {
      webhooks.giveUp(id);
      return;
    }
    this.#open++;
    this.#post(new URL(url), secret, id, body, (status) => {
      this.#open--;
      if (this.#isClosed) return;
      this.#answered(id, refusals, status);
      this.#pump();
    });
  }

  /** @param status a text where there was no answer. */
  #answered(id: number, refusals: number, status: number | string): void {
    const { calls, log } = this.#options;
    const isBusy = status === 429 || status === 503;
    if (typeof status === 'string' || isBusy) {
      this.#lists[refusals]?.unshift({ id, at: 0 });
      const pause = this.#pauses[Math.min(this.#silent, this.#pauses.length - 1)] ?? MINUTE;
      if (this.#silent === 0) log.warn('the webhook is not answered; calls wait to be told', { reason: status });
      this.#silent++;
      this.#pausedUntil = this.#now() + pause;
      return;
    }
    this.#silent = 0;
    if (status >= 200 && status < 300) {
      calls.webhooks.remove(id);
      return;
    }
    const wait = this.#retries[refusals];
    if (wait !== undefined) this.#wait(refusals + 1, id, wait);
    else {
      log.warn('the webhook refused a call for the last time', { id, status });
      calls.webhooks.giveUp(id);
    }
  }

  #post(url: URL, secret: string, id: number, body: string, done: (status: number | string) => void): void {
    if (this.#options.loopback && !LOOPBACK.test(url.hostname)) {
      // Not at once: whoever calls is not done yet.
      setImmediate(() => done('only this machine may be reached'));
      return;
    }
    const isSecure = url.protocol === 'https:';
    let isOver = false;
    const end = (status: number | string): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(limit);
      done(status);
    };
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      agent: isSecure ? this.#agents.https : this.#agents.http,
      headers: headersFor(id, body, secret, Math.floor(this.#now() / 1000)),
    });
    const { answerMs = ANSWER_MS } = this.#options;
    const limit = setTimeout(() => request.destroy(new Error(`no answer within ${answerMs} ms`)), answerMs);
    request.on('error', ({ message }) => end(message));
    request.on('response', (response) => {
      // What it says besides is nothing to us, and may be endless; where it breaks off, `close` follows.
      response.on('error', () => undefined).resume();
      const status = response.statusCode ?? 0;
      response.on('end', () => end(status)).on('close', () => end(status));
    });
    request.end(body);
  }
}

/** `Tandem-Signature: t=SECONDS,v1=HEX`, where HEX is the HMAC-SHA-256 of `SECONDS.BODY` under the secret. */
export function headersFor(id: number, body: string, secret: string, seconds: number): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(Buffer.byteLength(body)),
    'User-Agent': `Tandem/${version}`,
    'Tandem-Delivery': String(id),
    ...(secret !== '' && { 'Tandem-Signature': `t=${seconds},v1=${signature}` }),
  };
}
