/**
 * What phones say about the sound of a call: reports of application/vq-rtcpxr (RFC 6035 §4.6), and the shorter ones that
 * some put into a header of their BYE (P-RTP-Stat, X-RTP-Stat). What makes no sense is left out.
 */
import { toText } from '../../sip/grammar/text.ts';
import type { SipMessage } from '../../sip/message/message.ts';
import { H } from '../../sip/message/names.ts';

/** A longer report is refused, in bytes; and so many lines of it are read. */
export const LONGEST_REPORT = 16 * 1024;
const MOST_LINES = 200;

/** Of one direction, as its receiver has it. Absent is what was not said. */
export interface QualityMetrics {
  readonly codec?: string;
  /** Packets lost on the way, and thrown away by the jitter buffer, in per cent. */
  readonly lossPercent?: number;
  readonly discardPercent?: number;
  /** ms. */
  readonly jitterMs?: number;
  readonly roundTripMs?: number;
  /** 1 to 5 (ITU-T P.800.1). */
  readonly mosListening?: number;
  readonly mosConversation?: number;
  /** 0 to 120 (ITU-T G.107). */
  readonly rFactor?: number;
}

export interface QualityReport {
  /** Who says so: a user of ours. */
  readonly reporter: string;
  /** `CallTerm`, `Interval`, `Alert`; or the header that it came in. */
  readonly kind: string;
  readonly local: QualityMetrics;
  /** What the other side told the reporter. */
  readonly remote?: QualityMetrics;
}

export interface VqReport {
  /** `CallTerm` for the whole of an ended session, `Interval`, or `Alert`. */
  readonly kind: string;
  readonly callId: string;
  readonly local: QualityMetrics;
  readonly remote: QualityMetrics | undefined;
}

/** Reads a body of application/vq-rtcpxr; undefined where it is none, or names no call. */
export function readVqReport(bytes: string): VqReport | undefined {
  if (bytes.length > LONGEST_REPORT) return undefined;
  let kind: string | undefined;
  let callId = '';
  let metrics: Map<string, string> | undefined;
  const local = new Map<string, string>();
  const remote = new Map<string, string>();
  for (const line of toText(bytes).split(/\r?\n/, MOST_LINES)) {
    const colon = line.indexOf(':');
    // The first line may have its name only.
    const end = colon < 0 && kind === undefined ? line.length : colon;
    if (end <= 0) continue;
    const name = line.slice(0, end).trim().toLowerCase();
    const value = line.slice(end + 1).trim();
    if (kind === undefined) {
      kind = KINDS[name]?.(value);
      if (kind === undefined) return undefined;
    } else if (name === 'callid') callId = value;
    else if (name === 'localmetrics') metrics = local;
    else if (name === 'remotemetrics') metrics = remote;
    // Of a dialog that is named nothing follows; the metrics are over.
    else if (name === 'dialogid') {
      if (callId === '') callId = value.split(';', 1)[0] ?? '';
      metrics = undefined;
    } else if (metrics !== undefined) for (const [key, one] of pairs(value, /\s+/)) metrics.set(key, one);
  }
  if (kind === undefined || callId === '' || callId.length > 256) return undefined;
  return { kind, callId, local: metricsOf(local), remote: remote.size === 0 ? undefined : metricsOf(remote) };
}

const KINDS: Readonly<Record<string, (value: string) => string>> = {
  vqsessionreport: (value) => value.split(/\s/, 1)[0]?.slice(0, 32) || 'Session',
  vqintervalreport: () => 'Interval',
  vqalertreport: () => 'Alert',
};

export const VQ_TYPE = 'application/vq-rtcpxr';

export function isVqReport(message: SipMessage): boolean {
  return message.header(H.ContentType)?.split(';', 1)[0]?.trim().toLowerCase() === VQ_TYPE;
}

/** What a BYE or its answer says of the sound; usually nothing. */
export function qualityIn(message: SipMessage, reporter: string): QualityReport | undefined {
  const { headers } = message;
  for (const id of [H.PRtpStat, H.XRtpStat]) {
    const line = headers.find(id);
    const local = line < 0 ? undefined : readRtpStat(headers.valueAt(line));
    if (local !== undefined) return { reporter, kind: headers.nameAt(line), local };
  }
  const report = headers.find(H.ContentType) >= 0 && isVqReport(message) ? readVqReport(message.body) : undefined;
  return report === undefined ? undefined : reportBy(reporter, report);
}

export const reportBy = (reporter: string, { kind, local, remote }: VqReport): QualityReport => ({
  ...{ reporter, kind, local },
  ...(remote !== undefined && { remote }),
});

/** Reads `PS=1431,PL=2,JI=3,LA=20` and its like; undefined where nothing of it is known. */
function readRtpStat(bytes: string): QualityMetrics | undefined {
  const found = new Map(pairs(bytes.slice(0, 512), /[,;]\s*/));
  const received = number(found.get('pr'), 0, 1e12);
  const lost = number(found.get('pl'), 0, 1e12);
  const metrics = dropUndefined({
    lossPercent:
      received === undefined || lost === undefined || received + lost === 0
        ? undefined
        : round((100 * lost) / (received + lost)),
    jitterMs: number(found.get('ji'), 0, 60_000),
    roundTripMs: number(found.get('la') ?? found.get('dl'), 0, 60_000),
    mosListening: number(found.get('moslq') ?? found.get('mos'), 1, 5),
    codec: codecOf(found.get('de') ?? found.get('en')),
  });
  return Object.keys(metrics).length === 0 ? undefined : metrics;
}

function* pairs(text: string, between: RegExp): Generator<[string, string]> {
  for (const part of text.split(between)) {
    const equals = part.indexOf('=');
    if (equals > 0) yield [part.slice(0, equals).trim().toLowerCase(), part.slice(equals + 1).trim()];
  }
}

/** RFC 6035 §4.6.2: the names of its parameters. */
function metricsOf(found: ReadonlyMap<string, string>): QualityMetrics {
  return dropUndefined({
    codec: codecOf(found.get('pd')),
    lossPercent: number(found.get('nlr'), 0, 100),
    discardPercent: number(found.get('jdr'), 0, 100),
    jitterMs: number(found.get('iaj'), 0, 60_000),
    roundTripMs: number(found.get('rtd'), 0, 60_000),
    mosListening: number(found.get('moslq'), 1, 5),
    mosConversation: number(found.get('moscq'), 1, 5),
    rFactor: number(found.get('rcq') ?? found.get('rlq'), 0, 120),
  });
}

/** 127 stands for "not known" (§4.6.2.x), as does what lies outside of what can be. */
function number(text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined || !/^\d{1,12}(?:\.\d{1,6})?$/.test(text)) return undefined;
  const value = Number(text);
  return value >= least && value <= most ? round(value) : undefined;
}

const round = (value: number): number => Math.round(value * 100) / 100;

const codecOf = (text: string | undefined): string | undefined => {
  const name = /^"?([\w.+-]{1,32})/.exec(text ?? '')?.[1];
  return name === undefined || name === '' ? undefined : name;
};

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function dropUndefined<T extends object>(value: T): Known<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Known<T>;
}
