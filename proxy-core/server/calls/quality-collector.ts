/**
 * Takes what phones report of the sound of their calls (RFC 6035): by PUBLISH to any address of the office, or by a NOTIFY
 * to the exchange itself that nobody subscribed for. It asks no phone for reports.
 */
import { H } from '../../sip/message/names.ts';
import { type Answer, answer } from '../answer.ts';
import { aorOf } from '../stores.ts';
import type { CallRequest } from './call-request.ts';
import { isVqReport, LONGEST_REPORT, readVqReport, reportBy, VQ_TYPE } from './quality.ts';
import type { RecordStore } from './record-keeper.ts';

const EVENT = /^\s*vq-rtcpxr\s*(?:;|$)/i;

type Reported = Pick<CallRequest, 'request' | 'uri' | 'domain' | 'user'>;

export class QualityCollector {
  readonly #store: Pick<RecordStore, 'addQuality'>;
  readonly #random: (bytes: number) => string;

  constructor(store: Pick<RecordStore, 'addQuality'>, random: (bytes: number) => string) {
    this.#store = store;
    this.#random = random;
  }

  /** Whether a request is such a report for us; `domain` is that of ours to which its URI belongs. */
  serves({ method, headers, to, uri }: Reported['request'], domain: string | undefined): boolean {
    if ((method !== 'PUBLISH' && method !== 'NOTIFY') || domain === undefined || to.tag !== undefined) return false;
    return EVENT.test(headers.first(H.Event) ?? '') && (method === 'PUBLISH' || uri.user === '');
  }

  /** The answer to one of a user who proved to be that. */
  collect({ request, user }: Reported): Answer {
    if (user === undefined) return answer(403);
    // A report is said once: there is nothing to refresh or to change (§4.5, RFC 3903 §6).
    if (request.headers.find(H.SipIfMatch) >= 0) return answer(412);
    if (!isVqReport(request)) return answer(415, undefined, [[H.Accept, VQ_TYPE]]);
    if (request.body.length > LONGEST_REPORT) return answer(413);
    const report = readVqReport(request.body);
    if (report === undefined) return answer(400, 'Bad Request - not a report of voice quality');
    const aor = aorOf(user.number, user.domain);
    this.#store.addQuality(report.callId, aor, reportBy(aor, report));
    if (request.method === 'NOTIFY') return answer(200);
    return answer(200, undefined, [
      [H.SipEtag, this.#random(8)],
      [H.Expires, '0'],
    ]);
  }
}
