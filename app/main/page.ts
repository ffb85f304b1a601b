/** Serves the window's page on `app://tandem`, from the built files only, with a strict content security policy. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { protocol, type Session } from 'electron';
import { pathBelow } from './page-path.ts';

export const PAGE_ORIGIN = 'app://tandem';
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** Nothing inline, nothing evaluated, nothing fetched, framed or posted anywhere but here. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "media-src 'self' blob: mediastream:",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.wav': 'audio/wav',
  '.ogg': 'audio/ogg',
};

/** Must be called before the program is ready. */
export function declarePageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** @param folder the built page, absolute */
export function servePage(session: Session, folder: string): void {
  session.protocol.handle('app', async (request) => {
    const path = pathBelow(folder, request.url);
    if (request.method !== 'GET' || path === undefined) return new Response(null, { status: 404 });
    try {
      const body = await readFile(path);
      return new Response(body, {
        headers: {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'content-security-policy': POLICY,
          'x-content-type-options': 'nosniff',
          'cross-origin-opener-policy': 'same-origin',
        },
      });
    } catch (error) {
      console.error(`The page wants a file that is not there: ${(error as Error).message}`);
      return new Response(null, { status: 404 });
    }
  });
}
