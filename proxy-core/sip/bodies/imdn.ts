/**
 * Instant message disposition notifications (RFC 5438): what a sender asked to be told, and the document that tells it,
 * written by a server that keeps messages or by the phone that takes them, and read by the phone that sent them.
 */
import type { Body } from '../../sip/message/build.ts';
import { type Cpim, cpimAddress, cpimHeader, cpimPart, parseCpim } from './cpim.ts';
import type { ReadXml, XmlElement } from './xml.ts';

const IMDN = 'urn:ietf:params:imdn';
const XMLNS = 'urn:ietf:params:xml:ns:imdn';

export const CPIM = 'message/cpim';

/** `stored`: kept until the recipient returns (§7.2.1.2); the others tell how it ended (§7.2.1.1). */
export type Disposition = 'stored' | 'delivered' | 'failed';

export interface Asked {
  readonly messageId: string;
  readonly wants: ReadonlySet<Disposition>;
  /** From and To of the envelope. */
  readonly from: string;
  readonly to: string;
}

/** What Disposition-Notification may hold (§6.1.1.1), and what we tell for it. */
const WORDS: Readonly<Record<string, Disposition>> = {
  'positive-delivery': 'delivered',
  'negative-delivery': 'failed',
  processing: 'stored',
};

/** What the sender of a `message/cpim` wants to be told by us; undefined where that is nothing. */
export function dispositionsAsked(type: string | undefined, body: string): Asked | undefined {
  if (type === undefined || type.split(';', 1)[0]?.trim().toLowerCase() !== CPIM) return undefined;
  const cpim = parseCpim(body);
  const words = cpim && cpimHeader(cpim, IMDN, 'Disposition-Notification');
  const messageId = cpim && cpimHeader(cpim, IMDN, 'Message-ID');
  // Without an identity nobody could tell what was meant (§6.3).
  if (cpim === undefined || words === undefined || !isId(messageId)) return undefined;
  const wants = new Set<Disposition>();
  for (const word of words.split(',')) {
    const wanted = WORDS[word.split(';', 1)[0]?.trim().toLowerCase() ?? ''];
    if (wanted !== undefined) wants.add(wanted);
  }
  const from = cpimAddress(cpimHeader(cpim, '', 'From') ?? '');
  const to = cpimAddress(cpimHeader(cpim, '', 'To') ?? '');
  if (wants.size === 0 || from === undefined || to === undefined) return undefined;
  return { messageId, wants, from, to };
}

const isId = (text: string | undefined): text is string =>
  text !== undefined && text.length > 0 && text.length <= 256 && /^[\x21-\x7e]+$/.test(text);

export interface Notice {
  readonly asked: Asked;
  readonly disposition: Disposition;
  /** Of this notice itself. */
  readonly id: string;
  /** ms since 1970. */
  readonly now: number;
}

/** The notice, in an envelope from the recipient to the sender (§11). */
export function imdnBody({ asked, disposition, id, now }: Notice): Body {
  const time = new Date(now).toISOString();
  const what =
    disposition === 'stored'
      ? '<processing-notification><status><stored/></status></processing-notification>'
      : `<delivery-notification><status><${disposition}/></status></delivery-notification>`;
  const xml =
    `<?xml version="1.0" encoding="UTF-8"?>\r\n<imdn xmlns="${XMLNS}">` +
    `<message-id>${escaped(asked.messageId)}</message-id><datetime>${time}</datetime>` +
    `<recipient-uri>${escaped(asked.to)}</recipient-uri>` +
    `<original-recipient-uri>${escaped(asked.to)}</original-recipient-uri>${what}</imdn>\r\n`;
  const head =
    `From: <${asked.to}>\r\nTo: <${asked.from}>\r\nNS: imdn <${IMDN}>\r\nimdn.Message-ID: ${id}\r\n` +
    `DateTime: ${time}\r\n\r\n` +
    'Content-type: message/imdn+xml\r\nContent-Disposition: notification\r\n' +
    `Content-length: ${xml.length}\r\n\r\n`;
  return { type: CPIM, content: head + xml };
}

/** A message whose sender wants to be told whether it was delivered; `text` is a binary string. */
export function cpimText(parts: {
  readonly from: string;
  readonly to: string;
  readonly id: string;
  /** ms since 1970. */
  readonly now: number;
  readonly text: string;
}): Body {
  const head =
    `From: <${parts.from}>\r\nTo: <${parts.to}>\r\nDateTime: ${new Date(parts.now).toISOString()}\r\n` +
    `NS: imdn <${IMDN}>\r\nimdn.Message-ID: ${parts.id}\r\n` +
    'imdn.Disposition-Notification: positive-delivery, negative-delivery\r\n\r\n' +
    'Content-Type: text/plain; charset=UTF-8\r\n\r\n';
  return { type: CPIM, content: head + parts.text };
}

/** What an envelope tells of a message of ours; undefined where it is no notice that could be told. */
export function readImdn(
  cpim: Cpim,
  readXml: ReadXml,
): { readonly messageId: string; readonly disposition: Disposition } | undefined {
  const part = cpimPart(cpim);
  const read = part?.type === 'message/imdn+xml' ? readXml(part.content) : undefined;
  if (read?.ok !== true || read.root.name !== 'imdn') return undefined;
  const child = (element: XmlElement | undefined, name: string) => element?.children.find((one) => one.name === name);
  const messageId = child(read.root, 'message-id')?.text.trim();
  const status = (notice: string) => child(child(read.root, notice), 'status')?.children[0]?.name ?? '';
  const delivery = status('delivery-notification');
  const disposition =
    delivery === 'delivered'
      ? 'delivered'
      : delivery !== ''
        ? 'failed'
        : status('processing-notification') === 'stored'
          ? 'stored'
          : undefined;
  return isId(messageId) && disposition !== undefined ? { messageId, disposition } : undefined;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? '');
