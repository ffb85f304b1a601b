/** RTCP towards one side: our own reports, made from what passed, and what that side's reports say (RFC 3550 §6.4). */
import type { ReceptionReport } from './reception.ts';
import {
  ntpMiddle,
  ntpTime,
  parseReports,
  type ReportBlock,
  serialiseGoodbye,
  serialiseReport,
} from './rtcp-packet.ts';
import type { RtpPacket } from './rtp-packet.ts';

/** A report on our stream that is older than this is not passed on any more. */
const FRESH_MS = 15_000;
/** So many of our last sender reports may still be referred to. */
const REPORTS_KEPT = 8;
const LONGEST_ROUND_TRIP_MS = 60_000;
const MOST_JITTER_MS = 60_000;

/** How a side receives our stream, by its own account. */
export interface RemoteReception {
  /** Packets it never got, over the whole stream; never below 0. */
  readonly lost: number;
  /** Between its last two reports, in per cent. */
  readonly lossPercent: number;
  readonly jitterMs: number;
}

export class RtcpLeg {
  readonly #ssrc: number;
  readonly #cname: string;
  #packets = 0;
  #octets = 0;
  #packetsReported = 0;
  #last: { readonly timestamp: number; readonly clockRate: number; readonly at: number } | undefined;
  #senderReport: { readonly ssrc: number; readonly middle: number; readonly at: number } | undefined;
  #block: { readonly block: ReportBlock; readonly at: number } | undefined;
  /** When each of our last sender reports went out, by the middle of its NTP time. */
  readonly #sentAt = new Map<number, number>();
  #roundTrip: { readonly ms: number; readonly at: number } | undefined;

  /** `ssrc` is the stream that we send to this side. */
  constructor(ssrc: number, cname: string) {
    this.#ssrc = ssrc;
    this.#cname = cname;
  }

  /** A sound packet went out to this side. */
  sent(packet: RtpPacket, clockRate: number, now: number): void {
    this.#packets += 1;
    this.#octets += packet.payload.length;
    this.#last = { timestamp: packet.timestamp, clockRate, at: now };
  }

  /** A compound packet came from this side. */
  received(data: Buffer, now: number): void {
    for (const report of parseReports(data)) {
      if (report.sender) this.#senderReport = { ssrc: report.ssrc, middle: ntpMiddle(report.sender), at: now };
      const block = report.blocks.find((candidate) => candidate.ssrc === this.#ssrc);
      if (block) {
        this.#block = { block, at: now };
        this.#measure(block, now);
      }
    }
  }

  /** How this side says that it receives us; undefined where it says nothing, or nothing new. */
  heard(now: number): RemoteReception | undefined {
    const block = this.remoteView(now);
    return (
      block && {
        lost: Math.max(0, block.cumulativeLost),
        lossPercent: (block.fractionLost * 100) / 256,
        jitterMs: Math.min(MOST_JITTER_MS, (block.jitter * 1000) / (this.#last?.clockRate ?? 8000)),
      }
    );
  }

  /** Milliseconds to this side and back, by its last report (RFC 3550 §6.4.1); undefined where none tells. */
  roundTripMs(now: number): number | undefined {
    return this.#roundTrip && now - this.#roundTrip.at < FRESH_MS ? this.#roundTrip.ms : undefined;
  }

  /** How this side receives our stream, by its last report; undefined when there is none or it is old. */
  remoteView(now: number): ReportBlock | undefined {
    return this.#block && now - this.#block.at < FRESH_MS ? this.#block.block : undefined;
  }

  /**
   * Our report to this side on what came from it. `beyond` is how the far side receives what we pass on: its losses
   * are reported in place of ours, since they are what the sender can do something about.
   */
  compose(reception: ReceptionReport | undefined, beyond: ReportBlock | undefined, now: number): Buffer {
    const blocks = reception ? [this.#blockFor(reception, beyond, now)] : [];
    return serialiseReport({ ssrc: this.#ssrc, sender: this.#senderInfo(now), blocks }, this.#cname);
  }

  goodbye(): Buffer {
    return serialiseGoodbye(this.#ssrc, this.#cname);
  }

  /** Only while packets go out; a silent end sends receiver reports (RFC 3550 §6.4). */
  #senderInfo(now: number) {
    const last = this.#last;
    if (!last || this.#packets === this.#packetsReported) return undefined;
    this.#packetsReported = this.#packets;
    this.#remember(now);
    const rtpTimestamp = (last.timestamp + Math.round(((now - last.at) * last.clockRate) / 1000)) >>> 0;
    return { ...ntpTime(now), rtpTimestamp, packets: this.#packets, octets: this.#octets };
  }

  #remember(now: number): void {
    this.#sentAt.set(ntpMiddle(ntpTime(now)), now);
    if (this.#sentAt.size <= REPORTS_KEPT) return;
    const [oldest] = this.#sentAt.keys();
    if (oldest !== undefined) this.#sentAt.delete(oldest);
  }

  /** Only a report that answers one of ours tells; what it claims to have waited cannot be longer than it took. */
  #measure({ lastReport, sinceLastReport }: ReportBlock, now: number): void {
    const sentAt = this.#sentAt.get(lastReport);
    if (sentAt === undefined) return;
    const ms = now - sentAt - (sinceLastReport * 1000) / 65536;
    // Clocks of two machines do not tick alike: a little below nothing is nothing.
    if (ms > -10 && ms < LONGEST_ROUND_TRIP_MS) this.#roundTrip = { ms: Math.max(0, ms), at: now };
  }

  #blockFor(reception: ReceptionReport, beyond: ReportBlock | undefined, now: number): ReportBlock {
    const heard = this.#senderReport?.ssrc === reception.ssrc ? this.#senderReport : undefined;
    const delay = heard ? Math.round(((now - heard.at) * 65536) / 1000) : 0;
    return {
      ...reception,
      fractionLost: beyond?.fractionLost ?? reception.fractionLost,
      cumulativeLost: beyond?.cumulativeLost ?? reception.cumulativeLost,
      jitter: beyond?.jitter ?? reception.jitter,
      lastReport: heard?.middle ?? 0,
      sinceLastReport: Math.min(delay, 0xffffffff),
    };
  }
}
