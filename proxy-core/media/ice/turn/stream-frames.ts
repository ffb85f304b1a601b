/** Cuts a stream into STUN messages and ChannelData (RFC 8656 §12.5; RFC 8489 §6.2.2). */

/** Both have four bytes that tell what it is and how long. */
const HEAD = 4;
const STUN_HEADER = 20;

export class StreamFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** The messages that are whole now, without what fills them up; undefined where the stream is of something else. */
  push(chunk: Buffer): Buffer[] | undefined {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const messages: Buffer[] = [];
    while (data.length >= HEAD) {
      const kind = data.readUInt16BE(0) >> 14;
      if (kind > 1) return undefined;
      const length = data.readUInt16BE(2) + (kind === 0 ? STUN_HEADER : HEAD);
      const whole = (length + 3) & ~3;
      if (data.length < whole) break;
      messages.push(data.subarray(0, length));
      data = data.subarray(whole);
    }
    // A copy, so that a few bytes do not hold on to a large chunk.
    this.#rest = Buffer.from(data);
    return messages;
  }
}
