/**
 * Tells the account's server how a call sounded, once it is over (RFC 6035 §4.6, by PUBLISH as §4.5 has it). A server that
 * takes no such reports is not asked again while the account is signed in.
 */
import type { Dialog } from '../../../proxy-core/sip/dialog/dialog.ts';
import { buildRequest, type HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import type { QualitySummary, SoundSummary } from '../../shared/history.ts';
import { sendRequest, type Way } from './send-request.ts';

/** An answered call that is over. */
export interface CallQualityReport {
  readonly dialog: Pick<Dialog, 'callId' | 'localTag' | 'remoteTag' | 'local' | 'remote'>;
  readonly isCaller: boolean;
  /** Milliseconds since 1970. */
  readonly answeredAt: number;
  readonly endedAt: number;
  readonly summary: QualitySummary;
}

export interface QualityReportsOptions {
  readonly way: Way;
  readonly random: RandomHex;
  readonly aor: string;
  readonly from: () => string;
  readonly routes: () => readonly string[];
  readonly userAgent: HeaderLine;
  /** Whether there is a server that knows us. */
  readonly isRegistered: () => boolean;
  /** Our address on the way to it. */
  readonly localHost: () => string | undefined;
}

const TYPE = 'application/vq-rtcpxr';
/** Said of somebody who may not, or by a server that knows no such thing; anything else may pass. */
const REFUSED = [403, 404, 405, 406, 415, 420, 480, 489, 501, 603];
/** What answers nothing is not asked for ever either. */
const TRIES = 3;

export class QualityReports {
  readonly #options: QualityReportsOptions;
  #triesLeft = TRIES;

  constructor(options: QualityReportsOptions) {
    this.#options = options;
  }

  send(report: CallQualityReport): void {
    const { way, random, aor, from, routes, userAgent, isRegistered, localHost } = this.#options;
    if (this.#triesLeft === 0 || !isRegistered()) return;
    const content = vqReport(report, aor, localHost() ?? '0.0.0.0');
    const tag = random(8);
    const callId = `${random(12)}@tandem.invalid`;
    const outgoing = {
      method: 'PUBLISH',
      body: content,
      build: (attempt: number, auth: readonly HeaderLine[]) => (via: string) =>
        buildRequest({
          ...{ method: 'PUBLISH', uri: aor, via, from: `${from()};tag=${tag}`, to: `<${aor}>`, callId },
          ...{ cseq: 1 + attempt, routes: routes() },
          headers: [[H.Event, 'vq-rtcpxr'], [H.Expires, '0'], userAgent, ...auth],
          body: { type: TYPE, content },
        }),
    };
    sendRequest(way, outgoing, {
      response: ({ status }) => {
        if (status < 200) return;
        if (status < 300) this.#triesLeft = TRIES;
        else this.#triesLeft = REFUSED.includes(status) ? 0 : this.#triesLeft - 1;
      },
      noResponse: () => {
        this.#triesLeft = Math.max(0, this.#triesLeft - 1);
      },
    });
  }
}

/** The report as a binary string, as addresses are. Ports and streams are the gateway's affair and not told. */
function vqReport(
  { dialog, isCaller, answeredAt, endedAt, summary }: CallQualityReport,
  aor: string,
  localHost: string,
): string {
  const { callId, localTag, remoteTag, local, remote } = dialog;
  const time = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
  const times = `Timestamps:START=${time(answeredAt)} STOP=${time(endedAt)}`;
  const session = `SessionDesc:PD=${summary.codec.replace(/[^\w.-]/g, '')}`;
  const metrics = ({ lossPercent, jitterMs, mos }: SoundSummary, roundTripMs: number | null): string[] => [
    `PacketLoss:NLR=${lossPercent.toFixed(1)}`,
    `Delay:${roundTripMs === null ? '' : `RTD=${Math.round(roundTripMs)} `}IAJ=${Math.round(jitterMs)}`,
    `QualityEst:MOSCQ=${mos.toFixed(1)} QoEEstAlg=G.107`,
  ];
  const { here, there, roundTripMs } = summary;
  const bare = (address: string): string => address.replace(/;tag=[^;>]*$/, '');
  return [
    'VQSessionReport: CallTerm',
    `CallID:${callId}`,
    `LocalID:<${aor}>`,
    `RemoteID:${bare(remote)}`,
    `OrigID:${bare(isCaller ? local : remote)}`,
    `LocalAddr:IP=${localHost} PORT=0 SSRC=0`,
    'RemoteAddr:IP=0.0.0.0 PORT=0 SSRC=0',
    'LocalMetrics:',
    times,
    session,
    ...(here === null ? [] : metrics(here, roundTripMs)),
    ...(there === null ? [] : ['RemoteMetrics:', times, session, ...metrics(there, roundTripMs)]),
    `DialogID:${callId};to-tag=${isCaller ? remoteTag : localTag};from-tag=${isCaller ? localTag : remoteTag}`,
    '',
  ].join('\r\n');
}
