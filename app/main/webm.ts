/** Reads a WebM file of one Opus track as a recorder wrote it live: how long it lasts, and excerpts that can be played. */
import type { FileHandle } from 'node:fs/promises';
import type { RecordingFacts } from '../shared/recordings.ts';

const EBML = 0x1a45dfa3;
const SEGMENT = 0x18538067;
const CLUSTER = 0x1f43b675;
const TIMESTAMP = 0xe7;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const SIMPLE_BLOCK = 0xa3;
/** Those are looked into; all others are passed over. */
const CONTAINERS = new Set([SEGMENT, CLUSTER, BLOCK_GROUP]);

const WINDOW = 65_536;
/** Bytes of an id and of a length together. */
const MAX_NUMBERS = 12;
/** What stands before the first cluster. */
const MAX_HEAD = 65_536;
const EXCERPTS = 12;
const MAX_EXCERPT = 65_536;
/** Places of clusters that are remembered; of longer files only their beginning is listened to. */
const MAX_CLUSTERS = 50_000;

/** A file that is no such recording, or is cut off within its head. */
export class UnreadableRecording extends Error {
  override readonly name = 'UnreadableRecording';
}

/** Rejects with UnreadableRecording, or with the system's error. A last block that is cut off is passed over. */
export async function readRecording(file: FileHandle): Promise<RecordingFacts> {
  const { size } = await file.stat();
  const bytes = new Bytes(file, size);
  const clusters: number[] = [];
  let [clusterAt, first, last, blocks] = [0, -1, 0, 0];
  for (let at = 0; at < size; ) {
    const element = await bytes.element(at);
    if (element === undefined) break;
    const { id, data, length } = element;
    if (at === 0 && id !== EBML) throw new UnreadableRecording('it is no WebM file');
    if (id === CLUSTER && clusters.length < MAX_CLUSTERS) clusters.push(at);
    if (CONTAINERS.has(id)) {
      at = data;
      continue;
    }
    // Only the containers of a live file may leave their length open.
    if (length === undefined) throw new UnreadableRecording('it is damaged');
    if (data + length > size) break;
    if (id === TIMESTAMP) clusterAt = await bytes.number(data, Math.min(length, 6));
    if ((id === SIMPLE_BLOCK || id === BLOCK) && length > 4) {
      // One byte names the track, two count from the cluster on.
      const offset = await bytes.number(data + 1, 2);
      last = clusterAt + (offset > 0x7fff ? offset - 0x10000 : offset);
      if (first < 0) first = last;
      blocks += 1;
    }
    at = data + length;
  }
  if (blocks === 0) throw new UnreadableRecording('there is nothing in it');
  return { seconds: (last - first) / 1_000, bytes: size, excerpts: await excerptsOf(bytes, clusters, size) };
}

async function excerptsOf(bytes: Bytes, clusters: readonly number[], size: number): Promise<Uint8Array[]> {
  const [head = 0] = clusters;
  if (head > MAX_HEAD) throw new UnreadableRecording('it is damaged');
  const start = await bytes.copy(0, head);
  const excerpts: Uint8Array[] = [];
  const step = Math.max(1, Math.floor(clusters.length / EXCERPTS));
  for (let i = 0; i < clusters.length && excerpts.length < EXCERPTS; i += step) {
    const from = clusters[i] ?? head;
    const to = Math.min(clusters[i + step] ?? size, from + MAX_EXCERPT);
    excerpts.push(Buffer.concat([start, await bytes.copy(from, to)]));
  }
  return excerpts;
}

/** A file through a window that moves along with reading; past its end there are zeros. */
class Bytes {
  readonly #file: FileHandle;
  readonly #size: number;
  readonly #window = Buffer.alloc(WINDOW);
  #from = 0;
  #filled = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Undefined where the file ends within it. `length` is undefined where it is open. */
  async element(at: number): Promise<{ id: number; data: number; length: number | undefined } | undefined> {
    if (!this.#has(at, MAX_NUMBERS)) await this.#fill(at);
    const idLength = widthOf(this.#byte(at), 4);
    if (idLength === undefined) throw new UnreadableRecording('it is damaged');
    const sizeAt = at + idLength;
    const first = this.#byte(sizeAt);
    const sizeLength = widthOf(first, 8);
    if (sizeAt >= this.#size) return undefined;
    if (sizeLength === undefined) throw new UnreadableRecording('it is damaged');
    if (sizeAt + sizeLength > this.#size) return undefined;
    const mask = 2 ** (8 - sizeLength) - 1;
    const rest = this.#number(sizeAt + 1, sizeLength - 1);
    const isOpen = (first & mask) === mask && rest === 256 ** (sizeLength - 1) - 1;
    const length = (first & mask) * 256 ** (sizeLength - 1) + rest;
    return { id: this.#number(at, idLength), data: sizeAt + sizeLength, length: isOpen ? undefined : length };
  }

  /** Big-endian. */
  async number(at: number, length: number): Promise<number> {
    if (!this.#has(at, length)) await this.#fill(at);
    return this.#number(at, length);
  }

  async copy(from: number, to: number): Promise<Buffer> {
    const copy = Buffer.alloc(Math.max(0, to - from));
    const { bytesRead } = await this.#file.read(copy, 0, copy.length, from);
    return copy.subarray(0, bytesRead);
  }

  #number(at: number, length: number): number {
    let value = 0;
    for (let i = 0; i < length; i++) value = value * 256 + this.#byte(at + i);
    return value;
  }

  #has(at: number, length: number): boolean {
    return at >= this.#from && at + length <= this.#from + this.#filled;
  }

  #byte(at: number): number {
    return this.#has(at, 1) ? (this.#window[at - this.#from] ?? 0) : 0;
  }

  async #fill(at: number): Promise<void> {
    const { bytesRead } = await this.#file.read(this.#window, 0, WINDOW, at);
    this.#from = at;
    this.#filled = bytesRead;
  }
}

/** How many bytes a number has, as its first byte tells. */
function widthOf(first: number, most: number): number | undefined {
  const width = Math.clz32(first) - 23;
  return width <= most ? width : undefined;
}
