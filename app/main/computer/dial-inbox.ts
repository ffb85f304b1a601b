/** Whom a link, or the text that is selected, means: put before the person, who alone calls. It waits for the page. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { DialWish } from '../../shared/computer.ts';
import { readJoinLink } from '../../shared/join-link.ts';
import type { Emitters } from '../../shared/schema.ts';
import { readLink } from '../link.ts';

/** Longer is no number, name or address. */
const MAX_TEXT = 512;

export interface DialInbox {
  openLink(link: string): void;
  /** Of another program, once it is known. */
  openText(text: Promise<string>): void;
  pageReady(): void;
}

export interface DialInboxPorts {
  /** Brings the window to the front. */
  readonly show: () => void;
  readonly tell: Emitters<BridgeSchema>['computer'];
}

function wishOf(selected: string): DialWish {
  if (selected === '') return { reason: 'Nothing is selected that could be called.' };
  if (selected.length > MAX_TEXT) return { reason: 'What is selected is too long for a number or an address.' };
  return { selected };
}

export function createDialInbox({ show, tell }: DialInboxPorts): DialInbox {
  let isReady = false;
  /** Of several the last one counts, as in the field itself. */
  let waiting: DialWish | undefined;

  const put = (wish: DialWish): void => {
    waiting = wish;
    hand();
  };
  const hand = (): void => {
    if (!isReady || waiting === undefined) return;
    show();
    tell.dial(waiting);
    waiting = undefined;
  };
  return {
    openLink(link) {
      if (/^tandem:/i.test(link)) {
        const reason = 'The link has no code of an office in it.';
        return put(readJoinLink(link) === undefined ? { reason } : { join: link.trim() });
      }
      const read = readLink(link);
      put(read.ok ? { text: read.value } : { reason: read.reason });
    },
    openText(text) {
      text
        .catch(() => '')
        .then((selected) => put(wishOf(selected.trim())))
        .catch((error: Error) => console.error(`The selected text could not be shown: ${error.message}`));
    },
    pageReady() {
      isReady = true;
      hand();
    },
  };
}
