/**
 * The table "The rooms" of ARCHITECTURE.md as data. A file belongs to the room with the longest matching path.
 */

export interface Room {
  readonly path: string;
  /** Rooms whose files may be imported, besides the room itself; a path covers everything below it. */
  readonly rooms: readonly string[];
  /** Rooms of which only types may be imported. */
  readonly types?: readonly string[];
  /** npm packages (`any` except those in `onlyFor`), and whether Node's own modules are allowed. */
  readonly packages: readonly string[] | 'any';
  readonly node: boolean;
}

const sip = (name: string, rooms: readonly string[], packages: readonly string[] = []): Room => ({
  path: `proxy-core/sip/${name}`,
  rooms: rooms.map((room) => `proxy-core/sip/${room}`),
  packages,
  node: false,
});

export const rooms: readonly Room[] = [
  sip('grammar', []),
  sip('message', ['grammar']),
  sip('auth', ['grammar', 'message']),
  sip('sdp', ['grammar', 'message'], ['sdp-transform']),
  sip('bodies', ['grammar', 'message'], ['saxes']),
  sip('transport', ['message']),
  sip('transaction', ['message', 'transport']),
  sip('dialog', ['grammar', 'message', 'transaction']),
  { path: 'proxy-core/server', rooms: ['proxy-core/sip'], packages: [], node: false },
  { path: 'proxy-core/media', rooms: ['proxy-core/sip/sdp'], packages: ['werift'], node: true },
  { path: 'proxy-core/node', rooms: ['proxy-core'], packages: 'any', node: true },
  { path: 'proxy-core/cli', rooms: ['proxy-core'], packages: 'any', node: true },
  { path: 'app/shared', rooms: [], types: ['proxy-core'], packages: [], node: false },
  {
    path: 'app/shared/contact-files',
    rooms: ['app/shared'],
    packages: ['ical.js', 'csv-parse'],
    node: false,
  },
  { path: 'app/words', rooms: ['app/shared'], packages: ['@lingui/core'], node: false },
  { path: 'app/main', rooms: ['app/shared', 'app/words', 'proxy-core'], packages: 'any', node: true },
  { path: 'app/services', rooms: ['app/shared', 'proxy-core'], packages: 'any', node: true },
  { path: 'app/preload', rooms: ['app/shared'], packages: ['electron'], node: false },
  {
    path: 'app/renderer/softphone',
    rooms: ['proxy-core/sip', 'app/shared'],
    packages: ['@noble/hashes'],
    node: false,
  },
  {
    path: 'app/renderer/store',
    rooms: ['app/renderer/softphone', 'app/shared', 'app/words'],
    packages: ['zustand', 'react', '@lingui/core', 'libphonenumber-js'],
    node: false,
  },
  {
    path: 'app/renderer/features',
    rooms: ['app/renderer/store', 'app/renderer/ui', 'app/words'],
    packages: 'any',
    node: false,
  },
  { path: 'app/renderer/ui', rooms: ['app/renderer/store', 'app/words'], packages: 'any', node: false },
  // The page's entry: it makes the softphone and the stores, joins them with the bridge, and mounts the features.
  {
    path: 'app/renderer',
    rooms: ['app/renderer/features', 'app/renderer/store', 'app/renderer/softphone', 'app/shared', 'app/words'],
    packages: ['react', 'react-dom'],
    node: false,
  },
];

/** Packages with one door into the house, whatever a room's `packages` says. */
export const onlyFor: Readonly<Record<string, readonly string[]>> = {
  werift: ['proxy-core/media'],
  electron: ['app/main', 'app/services', 'app/preload'],
  react: ['app/renderer'],
  'react-dom': ['app/renderer'],
};

/** Rooms that run anywhere: neither Node nor a page is there, so their globals are not either. */
export const pureRooms: readonly string[] = ['proxy-core/sip', 'proxy-core/server'];
