/** Tells whether a window can be shown here: on Linux a display must be named, and answer. */
import { connect } from 'node:net';
import { join } from 'node:path';

/** How long a display may take to accept a connection, in ms. */
const REACH_MS = 2_000;

/** Undefined where a window can be shown, else why not, to go on after "There is no display here". */
export async function whyNoDisplay(env = process.env, platform = process.platform) {
  if (platform !== 'linux') return undefined;
  const named = [env.WAYLAND_DISPLAY, env.DISPLAY].filter(Boolean);
  if (named.length === 0) return '';
  const places = [...waylandPlaces(env), ...x11Places(env.DISPLAY)];
  for (const place of places) if (await accepts(place)) return undefined;
  return ` (${named.join(' and ')} ${named.length === 1 ? 'does' : 'do'} not answer)`;
}

function waylandPlaces({ WAYLAND_DISPLAY: name, XDG_RUNTIME_DIR: folder }) {
  if (!name) return [];
  if (name.startsWith('/')) return [{ path: name }];
  return folder ? [{ path: join(folder, name) }] : [];
}

/** `:0`, `unix:0`, `host:10.0`, or the path of a socket (X(7), "Display names"). */
function x11Places(name) {
  if (!name) return [];
  if (name.startsWith('/')) return [{ path: name }];
  const [, host = '', number] = /^(.*?):(\d+)(?:\.\d+)?$/.exec(name) ?? [];
  if (number === undefined) return [];
  const port = 6_000 + Number(number);
  if (host !== '' && !host.startsWith('unix')) return port > 65_535 ? [] : [{ host, port }];
  const path = `/tmp/.X11-unix/X${number}`;
  // The second is a socket without a file, as Linux has them: all that may be left of the first in a container.
  return [{ path }, { path: `\0${path}` }];
}

function accepts(place) {
  return new Promise((done) => {
    let socket;
    const end = (answer) => {
      socket?.destroy();
      done(answer);
    };
    try {
      socket = connect(place, () => end(true));
      socket.on('error', () => end(false));
      socket.setTimeout(REACH_MS, () => end(false));
    } catch {
      // A path that is too long for a socket.
      end(false);
    }
  });
}
