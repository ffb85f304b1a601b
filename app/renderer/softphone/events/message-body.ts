/** What is in a MESSAGE (RFC 3428 §4): text as it is or in an envelope (RFC 3862), or a notice of what became of one. */
import { type Cpim, cpimPart, parseCpim } from '../../../../proxy-core/sip/bodies/cpim.ts';
import {
  type Asked,
  CPIM,
  type Disposition,
  dispositionsAsked,
  readImdn,
} from '../../../../proxy-core/sip/bodies/imdn.ts';
import { readXml } from '../../../../proxy-core/sip/bodies/read-xml.ts';
import { getParam } from '../../../../proxy-core/sip/grammar/params.ts';
import { toText } from '../../../../proxy-core/sip/grammar/text.ts';
import type { HeaderLine } from '../../../../proxy-core/sip/message/build.ts';
import type { SipRequest } from '../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../proxy-core/sip/message/names.ts';
import { MAX_TEXT } from '../../../shared/text-message.ts';

export type MessageBody =
  | { readonly kind: 'text'; readonly text: string; readonly asked: Asked | undefined }
  | { readonly kind: 'notice'; readonly messageId: string; readonly disposition: Disposition }
  /** Nothing that anybody would read. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly status: 413 | 415; readonly headers: readonly HeaderLine[] };

const refuse = (status: 413 | 415): MessageBody => ({
  kind: 'refused',
  status,
  headers: status === 415 ? [[H.Accept, `text/plain, ${CPIM}`]] : [],
});

const CHARSETS = ['', 'utf-8', 'us-ascii', 'iso-8859-1'];

export function readMessageBody(request: SipRequest): MessageBody {
  const { body } = request;
  if (body === '') return { kind: 'nothing' };
  const whole = request.header(H.ContentType) ?? 'text/plain';
  const semi = whole.indexOf(';');
  const type = (semi < 0 ? whole : whole.slice(0, semi)).trim().toLowerCase();
  const coding = (request.header(H.ContentEncoding) ?? 'identity').trim().toLowerCase();
  if (coding !== 'identity') return refuse(415);
  if (type === 'text/plain') {
    const charset = (semi < 0 ? '' : (getParam(whole.slice(semi), 'charset') ?? '')).toLowerCase();
    if (!CHARSETS.includes(charset)) return refuse(415);
    return textOf(charset === 'iso-8859-1' ? body : toText(body), undefined);
  }
  const cpim = type === CPIM ? parseCpim(body) : undefined;
  return cpim === undefined ? refuse(415) : inEnvelope(cpim, whole, body);
}

function inEnvelope(cpim: Cpim, type: string, body: string): MessageBody {
  const part = cpimPart(cpim);
  if (part?.type === 'text/plain') return textOf(toText(part.content), dispositionsAsked(type, body));
  if (part?.type !== 'message/imdn+xml') return refuse(415);
  const notice = readImdn(cpim, readXml);
  return notice === undefined ? { kind: 'nothing' } : { kind: 'notice', ...notice };
}

/** Control characters but tabs and line ends say nothing to a person. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

function textOf(bytes: string, asked: Asked | undefined): MessageBody {
  const text = bytes.replace(/\r\n?/g, '\n').replace(CONTROLS, '').trimEnd();
  if (text.length > MAX_TEXT) return refuse(413);
  return text === '' ? { kind: 'nothing' } : { kind: 'text', text, asked };
}
