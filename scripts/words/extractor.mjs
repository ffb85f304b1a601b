/**
 * Finds every text that people read: what a macro of lingui marks, in the rooms of the window; and in the rooms below it
 * the English sentences as they stand, which the window translates when it shows them (`app/words/said.ts`).
 */
import { extractFromFileWithBabel } from '@lingui/cli/api';
import { generateMessageId } from '@lingui/message-utils/generateMessageId';
import { sentencesIn } from './sentences.mjs';

/** Rooms whose code has macros. */
const window = ['app/renderer/features', 'app/renderer/store', 'app/renderer/ui', 'app/main'];

/** Rooms whose sentences reach the window in English. */
const below = [
  'app/main',
  'app/services',
  'app/shared',
  'app/renderer/softphone',
  'app/renderer/store',
  'proxy-core/node',
  'proxy-core/server/why',
  'proxy-core/server/divert',
];

/** A room of which only what is marked does: clauses of sentences, and notes of the log. */
const marked = ['proxy-core/server'];

/** The room that says what is wrong with a message. */
const parser = ['proxy-core/sip'];

/** What they say to a terminal or to scripts stays English. */
const toTerminals = [
  ...['command-line.ts', 'steer.ts', 'steering.ts', 'report.ts'],
  ...['control/wire.ts', 'control/rpc.ts', 'control/session.ts'],
];

const rooms = [...new Set([...window, ...below, ...marked, ...parser])];

/** No room within another: its files are read once. */
export const folders = rooms.filter((room) => !rooms.some((other) => room.startsWith(`${other}/`)));

/** In the catalogs, what tells a sentence from below from a text of the window. */
export const SAID = 'said';

const within = (filename, rooms) => rooms.some((room) => `${filename.replaceAll('\\', '/')}/`.includes(`/${room}/`));

const isForTerminals = (filename) => toTerminals.some((file) => filename.replaceAll('\\', '/').endsWith(`/${file}`));

export const extractor = {
  match: (filename) => /\.tsx?$/.test(filename),
  async extract(filename, code, found, ctx) {
    if (within(filename, window) && code.includes('/macro')) {
      await extractFromFileWithBabel(filename, code, found, ctx, { plugins: ['typescript', 'jsx'] });
    }
    if (within(filename, [...below, ...marked, ...parser]) && !isForTerminals(filename)) {
      for (const { message, line } of sentencesIn(code, filename, {
        sentences: within(filename, below),
        faults: within(filename, parser),
      })) {
        found({ id: generateMessageId(message, SAID), message, context: SAID, origin: [filename, line] });
      }
    }
  },
};
