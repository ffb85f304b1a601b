/** Whom a link, or the text that is selected, means: put before the person, who alone calls. It waits for the page. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { DialWish } from '../../shared/computer.ts';
import type { Emitters } from '../../shared/schema.ts';
import { readLink } from '../link.ts';

export interface DialInbox {
  openLink(link: string): void;
  pageReady(): void;
}

export interface DialInboxPorts {
  /** Brings the window to the front. */
  readonly show: () => void;
  readonly tell: Emitters<BridgeSchema>['computer'];
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
      const read = readLink(link);
      put(read.ok ? { text: read.value } : { reason: read.reason });
    },
    pageReady() {
      isReady = true;
      hand();
    },
  };
}
