/** What the build makes of a catalog (`scripts/words/vite-plugin.mjs`). */
declare module '*.po' {
  import type { Messages } from '@lingui/core';

  export const messages: Messages;
  /** The sentences from below the window: English with open places such as `{who}`, and the key of the translation. */
  export const said: readonly (readonly [english: string, id: string])[];
}
