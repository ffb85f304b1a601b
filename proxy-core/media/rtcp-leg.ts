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

export class RtcpLeg {
  readonly #ssrc: number;
  readonly #cname: string;
  #packets = 0;
  #octets = 0;
  #packetsReported = 0;
  #last: { readonly timestamp: number; readonly clockRate: number; readonly at: number } | undefined;
  #senderReport: { readonly ssrc: number; readonly middle: number; readonly at: number } | undefined;
  #block: { readonly block: ReportBlock; readonly at: number } | undefined;

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
      if (block) this.#block = { block, at: now };
    }
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
    const rtpTimestamp = (last.timestamp + Math.round(((now - last.at) * last.clockRate) / 1000)) >>> 0;
    return { ...ntpTime(now), rtpTimestamp, packets: this.#packets, octets: this.#octets };
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
