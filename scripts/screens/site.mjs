/** The page of all states of the window (`test/support/screens`), built and served under the product's policy. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import react from '@vitejs/plugin-react';
import { build } from 'vite';
import { root } from '../project.mjs';
import { words } from '../words/vite-plugin.mjs';

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'";
const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Gives its address on this computer, and how to take it away again. */
export async function openSite() {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-screens-'));
  const server = createServer((request, response) => void serve(folder, request, response));
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await build({
      configFile: false,
      logLevel: 'warn',
      root: join(root, 'test', 'support', 'screens'),
      plugins: [words(), react()],
      build: { outDir: folder, emptyOutDir: true, target: 'chrome114' },
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { url: `http://127.0.0.1:${server.address().port}/index.html`, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function serve(folder, request, response) {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const body = await readFile(join(folder, path));
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': policy,
    });
    response.end(body);
  } catch {
    response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
  }
}
