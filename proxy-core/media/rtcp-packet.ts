/** RTCP sender and receiver reports, source description and goodbye, read and written (RFC 3550 §6). */

export interface ReportBlock {
  /** The stream reported on. */
  readonly ssrc: number;
  /** Of 256, since the last report. */
  readonly fractionLost: number;
  /** 24 bits, signed. */
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In units of the stream's clock. */
  readonly jitter: number;
  /** Middle 32 bits of the last sender report's NTP time; 0 when there was none. */
  readonly lastReport: number;
  /** In 1/65536 s. */
  readonly sinceLastReport: number;
}

export interface SenderInfo {
  /** Seconds since 1900 and fraction, 32 bits each. */
  readonly ntpSeconds: number;
  readonly ntpFraction: number;
  readonly rtpTimestamp: number;
  readonly packets: number;
  readonly octets: number;
}

export interface RtcpReport {
  readonly ssrc: number;
  readonly sender: SenderInfo | undefined;
  readonly blocks: readonly ReportBlock[];
}

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const GOODBYE = 203;
const BLOCK = 24;
const NTP_EPOCH_SECONDS = 2_208_988_800;

/** The reports in a compound packet; stops quietly at the first part that is malformed. */
export function parseReports(data: Buffer): RtcpReport[] {
  const reports: RtcpReport[] = [];
  let at = 0;
  while (at + 8 <= data.length) {
    const first = data.readUInt8(at);
    const type = data.readUInt8(at + 1);
    const end = at + (data.readUInt16BE(at + 2) + 1) * 4;
    if (first >> 6 !== 2 || end > data.length) break;
    if (type === SENDER_REPORT || type === RECEIVER_REPORT) {
      const report = parseReport(data.subarray(at, end), type === SENDER_REPORT, first & 0x1f);
      if (!report) break;
      reports.push(report);
    }
    at = end;
  }
  return reports;
}

function parseReport(data: Buffer, isSender: boolean, count: number): RtcpReport | undefined {
  const start = isSender ? 28 : 8;
  if (data.length < start + count * BLOCK) return undefined;
  const blocks = Array.from({ length: count }, (_, i): ReportBlock => {
    const at = start + i * BLOCK;
    return {
      ssrc: data.readUInt32BE(at),
      fractionLost: data.readUInt8(at + 4),
      cumulativeLost: data.readIntBE(at + 5, 3),
      highestSequence: data.readUInt32BE(at + 8),
      jitter: data.readUInt32BE(at + 12),
      lastReport: data.readUInt32BE(at + 16),
      sinceLastReport: data.readUInt32BE(at + 20),
    };
  });
  const sender = isSender
    ? {
        ntpSeconds: data.readUInt32BE(8),
        ntpFraction: data.readUInt32BE(12),
        rtpTimestamp: data.readUInt32BE(16),
        packets: data.readUInt32BE(20),
        octets: data.readUInt32BE(24),
      }
    : undefined;
  return { ssrc: data.readUInt32BE(4), sender, blocks };
}

/** A compound packet: one report and the CNAME (RFC 3550 §6.1). */
export function serialiseReport(report: RtcpReport, cname: string): Buffer {
  const { sender, blocks } = report;
  const data = Buffer.alloc((sender ? 28 : 8) + blocks.length * BLOCK);
  header(data, blocks.length, sender ? SENDER_REPORT : RECEIVER_REPORT);
  data.writeUInt32BE(report.ssrc, 4);
  let at = 8;
  if (sender) {
    for (const value of [
      sender.ntpSeconds,
      sender.ntpFraction,
      sender.rtpTimestamp,
      sender.packets >>> 0,
      sender.octets >>> 0,
    ]) {
      at = data.writeUInt32BE(value, at);
    }
  }
  for (const block of blocks) {
    at = data.writeUInt32BE(block.ssrc, at);
    at = data.writeUInt8(block.fractionLost, at);
    at = data.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, block.cumulativeLost)), at, 3);
    at = data.writeUInt32BE(block.highestSequence, at);
    at = data.writeUInt32BE(block.jitter, at);
    at = data.writeUInt32BE(block.lastReport, at);
    at = data.writeUInt32BE(block.sinceLastReport, at);
  }
  return Buffer.concat([data, sourceDescription(report.ssrc, cname)]);
}

/** An empty receiver report, the CNAME and the goodbye, as one compound packet. */
export function serialiseGoodbye(ssrc: number, cname: string): Buffer {
  const bye = Buffer.alloc(8);
  header(bye, 1, GOODBYE);
  bye.writeUInt32BE(ssrc, 4);
  return Buffer.concat([serialiseReport({ ssrc, sender: undefined, blocks: [] }, cname), bye]);
}

function sourceDescription(ssrc: number, cname: string): Buffer {
  const name = Buffer.from(cname, 'ascii').subarray(0, 255);
  // The item list ends with at least one zero octet and fills a whole word.
  const data = Buffer.alloc(8 + Math.ceil((2 + name.length + 1) / 4) * 4);
  header(data, 1, SOURCE_DESCRIPTION);
  data.writeUInt32BE(ssrc, 4);
  data.writeUInt8(1, 8);
  data.writeUInt8(name.length, 9);
  name.copy(data, 10);
  return data;
}

function header(data: Buffer, count: number, type: number): void {
  data.writeUInt8(0x80 | count, 0);
  data.writeUInt8(type, 1);
  data.writeUInt16BE(data.length / 4 - 1, 2);
}

/** NTP time of a moment given in milliseconds since 1970. */
export function ntpTime(ms: number): Pick<SenderInfo, 'ntpSeconds' | 'ntpFraction'> {
  const seconds = Math.floor(ms / 1000);
  const fraction = Math.min(0xffffffff, Math.floor(((ms - seconds * 1000) / 1000) * 2 ** 32));
  return { ntpSeconds: (seconds + NTP_EPOCH_SECONDS) >>> 0, ntpFraction: fraction };
}

export const ntpMiddle = (sender: Pick<SenderInfo, 'ntpSeconds' | 'ntpFraction'>): number =>
  (((sender.ntpSeconds & 0xffff) << 16) | (sender.ntpFraction >>> 16)) >>> 0;
