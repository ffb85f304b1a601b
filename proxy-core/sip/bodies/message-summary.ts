/** Simple message summaries (RFC 3842 §5.2): read from a voicemail elsewhere, added up and written. */

export const MESSAGE_SUMMARY = 'application/simple-message-summary';

/** Message contexts (RFC 3458 §6.2). */
export const messageKinds = ['voice', 'fax', 'pager', 'multimedia', 'text'] as const;
export type MessageKind = (typeof messageKinds)[number];

/** How many messages of one kind wait; the urgent ones are counted among them too. */
export interface MessageCount {
  readonly fresh: number;
  readonly old: number;
  readonly urgentFresh: number;
  readonly urgentOld: number;
}

export interface MessageSummary {
  readonly isWaiting: boolean;
  readonly counts: Readonly<Partial<Record<MessageKind, MessageCount>>>;
}

const HEADER: Readonly<Record<MessageKind, string>> = {
  voice: 'Voice-Message',
  fax: 'Fax-Message',
  pager: 'Pager-Message',
  multimedia: 'Multimedia-Message',
  text: 'Text-Message',
};
const COUNT = /^(\d{1,9})\s*\/\s*(\d{1,9})(?:\s*\(\s*(\d{1,9})\s*\/\s*(\d{1,9})\s*\))?$/;
const MAX_LINES = 100;

export type SummaryRead =
  | { readonly ok: true; readonly value: MessageSummary }
  | { readonly ok: false; readonly reason: string };

export function readSummary(bytes: string): SummaryRead {
  const lines = bytes.split(/\r\n|\n/, MAX_LINES);
  const status = /^Messages-Waiting\s*:\s*(yes|no)\s*$/i.exec(lines[0] ?? '');
  if (status === null) return { ok: false, reason: 'no Messages-Waiting in the first line' };
  const counts: Partial<Record<MessageKind, MessageCount>> = {};
  for (const line of lines.slice(1)) {
    // After an empty line single messages are told of.
    if (line === '') break;
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    const kind = messageKinds.find((one) => HEADER[one].toLowerCase() === name);
    if (kind === undefined) continue;
    const found = COUNT.exec(line.slice(colon + 1).trim());
    if (found === null) return { ok: false, reason: `a malformed ${HEADER[kind]}` };
    const [fresh = 0, old = 0, urgentFresh = 0, urgentOld = 0] = found.slice(1).map((digits) => Number(digits ?? 0));
    counts[kind] = { fresh, old, urgentFresh, urgentOld };
  }
  return { ok: true, value: { isWaiting: status[1]?.toLowerCase() === 'yes', counts } };
}

/** What waits in several places together. */
export function addSummaries(summaries: readonly MessageSummary[]): MessageSummary {
  const counts: Partial<Record<MessageKind, MessageCount>> = {};
  for (const summary of summaries) {
    for (const kind of messageKinds) {
      const more = summary.counts[kind];
      if (more === undefined) continue;
      const so = counts[kind];
      counts[kind] = {
        fresh: more.fresh + (so?.fresh ?? 0),
        old: more.old + (so?.old ?? 0),
        urgentFresh: more.urgentFresh + (so?.urgentFresh ?? 0),
        urgentOld: more.urgentOld + (so?.urgentOld ?? 0),
      };
    }
  }
  return { isWaiting: summaries.some(({ isWaiting }) => isWaiting), counts };
}

/** @param account URI of the mailbox. */
export function summaryText(account: string, { isWaiting, counts }: MessageSummary): string {
  let text = `Messages-Waiting: ${isWaiting ? 'yes' : 'no'}\r\nMessage-Account: ${account}\r\n`;
  // Phones show the count of voice messages, be it none.
  const none: MessageCount = { fresh: 0, old: 0, urgentFresh: 0, urgentOld: 0 };
  for (const kind of messageKinds) {
    const count = counts[kind] ?? (kind === 'voice' ? none : undefined);
    if (count === undefined) continue;
    const urgent = `(${count.urgentFresh}/${count.urgentOld})`;
    text += `${HEADER[kind]}: ${count.fresh}/${count.old} ${urgent}\r\n`;
  }
  return text;
}
