/** Links that the system opens in this program: with its start, with a second start, or on macOS by an event. */
import type { App } from 'electron';

export interface LinkEnds {
  readonly open: (link: string) => void;
  /** A second start without a link wants the window alone. */
  readonly show: () => void;
}

export interface Links {
  /** From now on; the last one that came before is opened at once. */
  follow(ends: LinkEnds): void;
}

/** @param first the one that this start came with. Called before the program is ready, since macOS does not wait. */
export function gatherLinks(app: Pick<App, 'on'>, first: string | undefined): Links {
  let early = first;
  let ends: LinkEnds | undefined;
  const opened = (link: string): void => {
    if (ends) ends.open(link);
    else early = link;
  };
  app.on('open-url', (event, link) => {
    event.preventDefault();
    opened(link);
  });
  app.on('second-instance', (_event, _words, _folder, more) => {
    const { link } = (more ?? {}) as { readonly link?: unknown };
    if (typeof link === 'string' && link !== '') opened(link);
    else ends?.show();
  });
  return {
    follow(next) {
      ends = next;
      if (early !== undefined) next.open(early);
      early = undefined;
    },
  };
}
