/** Replaces: an INVITE that takes the place of a dialog (RFC 3891). */
import { getParam, hasParam } from '../grammar/params.ts';
import type { SipRequest } from '../message/message.ts';
import { H } from '../message/names.ts';

/** A dialog as the one to be replaced sees it: `toTag` is its own. */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only while it is not answered yet (§6.1). */
  readonly earlyOnly: boolean;
}

export function parseReplaces(text: string): Replaces | undefined {
  const semi = text.indexOf(';');
  const callId = text.slice(0, Math.max(semi, 0)).trim();
  const params = semi < 0 ? '' : text.slice(semi);
  const toTag = getParam(params, 'to-tag') ?? '';
  const fromTag = getParam(params, 'from-tag') ?? '';
  if (callId === '' || /[\s,]/.test(callId) || toTag === '' || fromTag === '') return undefined;
  return { callId, toTag, fromTag, earlyOnly: hasParam(params, 'early-only') };
}

export const formatReplaces = ({ callId, toTag, fromTag, earlyOnly }: Replaces): string =>
  `${callId};to-tag=${toTag};from-tag=${fromTag}${earlyOnly ? ';early-only' : ''}`;

/** What a request asks to replace; more than one, or what cannot be read, is an error to be answered with 400 (§3). */
export function replacesOf(request: SipRequest): Replaces | undefined | 'malformed' {
  const lines = request.headers.lines(H.Replaces);
  if (lines.length === 0) return undefined;
  const [first = ''] = lines;
  return (lines.length === 1 ? parseReplaces(first) : undefined) ?? 'malformed';
}
