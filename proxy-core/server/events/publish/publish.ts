/** Takes PUBLISH for the users of this exchange (RFC 3903 §6): checks it, and keeps what it says. */

import { eventName } from '../../../sip/dialog/event.ts';
import { buildResponse } from '../../../sip/message/build.ts';
import type { SipRequest } from '../../../sip/message/message.ts';
import { H } from '../../../sip/message/names.ts';
import { optionTags } from '../../../sip/message/parse.ts';
import { type Answer, answer } from '../../answer.ts';
import { type Aor, aorOf } from '../../stores.ts';
import { contentOf, type Unpack } from '../content.ts';
import type { Asked } from '../notifier-ports.ts';
import { expiresOf } from '../subscribe-request.ts';
import type { Publications, PublishedKind } from './publications.ts';

/** Bytes of a document; what phones publish has less than one thousand. */
const LONGEST_DOCUMENT = 8_192;
const TIMES = { defaultExpires: 3600, minExpires: 60, maxExpires: 7200 };
const RETRY_AFTER_SECONDS = 30;

/** Whether a PUBLISH is for us to answer: we are where our users publish, no phone is. */
export const takesPublish = (request: SipRequest, domain: string | undefined): boolean =>
  request.method === 'PUBLISH' && domain !== undefined;

/** For a request that `takesPublish` accepted. */
export function publish(context: Asked, publications: Publications): 'taken' | Answer {
  const { request, exchange, uri, domain = '', user } = context;
  const target = uri.user === '' ? user : exchange.users.find(uri.userDecoded, domain);
  if (user === undefined) return answer(403);
  const kind = publications.kinds.get(eventName(request));
  if (kind === undefined) {
    return answer(489, undefined, [[H.AllowEvents, [...publications.kinds.keys()].join(', ')]]);
  }
  const isOwn = target?.number === user.number && target.domain === user.domain;
  if (!isOwn && !(kind.forOthers && user.isAdmin === true)) return answer(403);
  if (target === undefined) return answer(404);
  const required = optionTags(request, H.Require);
  if (required.length > 0) return answer(420, undefined, [[H.Unsupported, required.join(', ')]]);
  return accept(context, publications, kind, aorOf(target.number, target.domain));
}

function accept(context: Asked, publications: Publications, kind: PublishedKind<unknown>, aor: Aor): 'taken' | Answer {
  const { request, exchange } = context;
  const tag = request.header(H.SipIfMatch);
  if (tag !== undefined && !/^[^\s,]+$/.test(tag)) return answer(400, 'Bad Request - a malformed SIP-If-Match');
  const held = tag === undefined ? undefined : publications.find(tag, aor, kind.name);
  if (tag !== undefined && held === undefined) return answer(412);
  const seconds = expiresOf(request, TIMES);
  if (typeof seconds !== 'number') return seconds;
  const read = readDocument(request, kind, publications.unpack);
  if ('status' in read) return read;
  if (!read.isThere && tag === undefined) return answer(400, 'Bad Request - no document');
  const expiresAt = exchange.clock.now() + seconds * 1000;
  let next: string;
  if (seconds === 0) {
    if (tag !== undefined) publications.remove(tag);
    next = tag ?? exchange.random(8);
  } else if (!read.isThere) next = publications.refresh(tag ?? '', expiresAt);
  else {
    const room = tag === undefined ? publications.roomFor(aor) : 'yes';
    if (room === 'user') return answer(403, 'Too Many Publications');
    if (room === 'none') return answer(503, undefined, [[H.RetryAfter, String(RETRY_AFTER_SECONDS)]]);
    const record = { aor, package: kind.name, expiresAt, document: read.document };
    next = publications.put(tag, record, read.value);
  }
  respond(context, next, seconds);
  return 'taken';
}

type DocumentRead =
  | Answer
  | { readonly isThere: false }
  | { readonly isThere: true; readonly document: string; readonly value: unknown };

function readDocument(request: SipRequest, kind: PublishedKind<unknown>, unpack: Unpack): DocumentRead {
  if (request.body === '') return { isThere: false };
  const body = contentOf(request, LONGEST_DOCUMENT, unpack);
  if (typeof body !== 'string') return body;
  const type = (request.header(H.ContentType) ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type !== kind.contentType) return answer(415, undefined, [[H.Accept, kind.contentType]]);
  const read = kind.read(body);
  if (!read.ok) return answer(400, `Bad Request - ${read.reason}`);
  return { isThere: true, document: body, value: read.value };
}

function respond({ request, transaction, exchange }: Asked, tag: string, seconds: number): void {
  transaction.respond(
    buildResponse(request, 200, {
      toTag: exchange.random(8),
      headers: [
        [H.SipEtag, tag],
        [H.Expires, String(seconds)],
        [H.Server, exchange.settings.product],
      ],
    }),
  );
}
