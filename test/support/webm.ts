/** WebM files as a recorder writes them live: lengths of segment and clusters open, one block after another. */

const element = (id: number[], data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(id),
    Buffer.from([0x10 | (data.length >> 24), data.length >> 16, data.length >> 8, data.length]),
    data,
  ]);
const openLength = [0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];

export const webmHead = Buffer.concat([
  element([0x1a, 0x45, 0xdf, 0xa3], Buffer.from([0x42, 0x86, 0x81, 1])),
  Buffer.from([0x18, 0x53, 0x80, 0x67, ...openLength]),
  element([0x15, 0x49, 0xa9, 0x66], Buffer.from([0x2a, 0xd7, 0xb1, 0x83, 0x0f, 0x42, 0x40])),
  element([0x16, 0x54, 0xae, 0x6b], Buffer.alloc(60)),
]);

/** A cluster that begins at `at` ms with a block of 40 bytes every `step` ms. */
export function cluster(at: number, blocks: number, step = 60): Buffer {
  const time = Buffer.alloc(4);
  time.writeUInt32BE(at);
  const all = Array.from({ length: blocks }, (_, i) => {
    const offset = Buffer.alloc(2);
    offset.writeInt16BE(i * step);
    return element([0xa3], Buffer.concat([Buffer.from([0x81]), offset, Buffer.from([0x80]), Buffer.alloc(40, i)]));
  });
  return Buffer.concat([Buffer.from([0x1f, 0x43, 0xb6, 0x75, ...openLength]), element([0xe7], time), ...all]);
}
