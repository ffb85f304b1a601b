/** Where the sentences of the window are found, and where their translations are kept: `npm run words` brings both together. */
import { formatter } from '@lingui/format-po';
import { extractor, folders } from './scripts/words/extractor.mjs';

export default {
  sourceLocale: 'en',
  locales: ['en', 'ru', 'cs'],
  catalogs: [{ path: '<rootDir>/app/words/{locale}', include: folders }],
  extractors: [extractor],
  // Without files and lines: who moves a sentence has nothing to change here, and two people rarely meet on one line.
  format: formatter({ origins: false, printPlaceholdersInComments: false }),
  orderBy: 'message',
  // What the macros leave behind in the code imports our own instance.
  runtimeConfigModule: { i18n: ['#words', 'i18n'] },
};
