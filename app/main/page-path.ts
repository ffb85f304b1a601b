/** Which file of the built page a URL names. */
import { join, normalize, sep } from 'node:path';

/** The file that a URL names, or undefined when it is not one of ours. */
export function pathBelow(folder: string, address: string): string | undefined {
  try {
    const url = new URL(address);
    if (url.protocol !== 'app:' || url.host !== 'tandem') return undefined;
    const path = normalize(join(folder, decodeURIComponent(url.pathname)));
    return path.startsWith(folder + sep) && !path.includes('\0') ? path : undefined;
  } catch {
    return undefined;
  }
}
