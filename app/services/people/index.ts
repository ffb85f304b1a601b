/** The process that asks servers for people: what they answer is read here, away from the window and the main process. */

import { serve } from '../../shared/derive-server.ts';
import { peopleServiceSchema } from '../../shared/people-service.ts';
import { parentWire } from '../parent.ts';
import { createBooks } from './books.ts';
import { createDirectories } from './directories.ts';

let loopback = true;
const books = createBooks({ loopback: () => loopback });
const directories = createDirectories(() => loopback);

serve(peopleServiceSchema, parentWire(process.parentPort), {
  service: {
    configure(options) {
      ({ loopback } = options);
    },
    close() {
      books.close();
      directories.close();
    },
  },
  books,
  directories,
});

process.on('uncaughtException', (error) => {
  // Nothing is kept here: the main process starts another one.
  console.error(error);
  process.exit(1);
});
