/** The port that unpacks bodies, on zlib. */
import { gunzipSync, inflateSync } from 'node:zlib';
import type { Unpack } from '../server/events/content.ts';

export const unpack: Unpack = (bytes, encoding, limit) => {
  const undo = encoding === 'gzip' ? gunzipSync : inflateSync;
  try {
    const unpacked = undo(Buffer.from(bytes, 'latin1'), { maxOutputLength: limit });
    return { ok: true, bytes: unpacked.toString('latin1') };
  } catch (error) {
    return { ok: false, isTooLong: (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' };
  }
};
