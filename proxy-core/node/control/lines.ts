/** Cuts a stream into lines with a limit on their length. */

/** Feed it chunks; gives the whole lines, without their ends, or null once a line is longer than `limit` bytes. */
export class LineCutter {
  readonly #limit: number;
  #held: Buffer[] = [];
  #size = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): string[] | null {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      const part = chunk.subarray(from, end);
      if (this.#size + part.length > this.#limit) return null;
      lines.push(Buffer.concat([...this.#held, part]).toString('utf8'));
      this.#held = [];
      this.#size = 0;
      from = end + 1;
    }
    const rest = chunk.subarray(from);
    if (rest.length > 0) this.#held.push(rest);
    this.#size += rest.length;
    return this.#size > this.#limit ? null : lines;
  }
}
