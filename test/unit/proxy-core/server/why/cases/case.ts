/** One failure as it might happen, and the sentence that a person is to read. */
import {
  ANNA,
  BEN,
  callerVia,
  ourVia,
  request,
  response,
  type TraceScript,
  type Words,
} from '../../../../../support/trace-script.ts';

export interface Case {
  /** Of the rule that is to speak. */
  readonly key: string;
  /** What is special about this one, where a rule has several. */
  readonly what?: string;
  /** Gives what the exchange knows beside the messages, where that matters. */
  readonly happened: (script: TraceScript) => unknown;
  readonly says: string | RegExp;
  readonly todo?: string | RegExp;
}

export const vias = [ourVia('one'), callerVia];

/** Ada's request comes, and the exchange answers it itself. */
export function answeredHere(
  script: TraceScript,
  status: number,
  reason: string,
  words: Words = {},
  headers: Words['headers'] = {},
): void {
  script.in(ANNA, request(words));
  script.out(ANNA, response(status, reason, { ...words, body: '', headers }));
}

export interface Forwarded {
  readonly request?: Words;
  readonly answer?: Words;
  /** Provisional answers of the phone that was called, each a second after the one before. */
  readonly rings?: boolean;
}

/** Ada calls Ben's phone, which gives this final answer. */
export function answeredThere(
  script: TraceScript,
  status: number,
  reason: string,
  { request: asked = {}, answer = {}, rings }: Forwarded = {},
): void {
  const method = asked.method ?? 'INVITE';
  const back = asked.vias ?? [callerVia];
  const onward = [ourVia(method === 'INVITE' ? 'one' : method), ...back];
  const said = { method, ...(asked.cseq !== undefined && { cseq: asked.cseq }), ...answer };
  script.in(ANNA, request(asked));
  script.out(ANNA, response(100, 'Trying', { ...asked, body: '' }));
  script.out(BEN, request({ ...asked, vias: onward }));
  if (rings === true) {
    script.in(BEN, response(180, 'Ringing', { ...said, body: '', vias: onward }));
    script.out(ANNA, response(180, 'Ringing', { ...said, body: '', vias: back }));
    script.wait(20_000);
  }
  script.in(BEN, response(status, reason, { ...said, vias: onward }));
  script.out(ANNA, response(status, reason, { ...said, vias: back }));
}

export const sdp = (profile: string, codecs: Readonly<Record<number, string>>, host = '192.0.2.7'): string =>
  `v=0\r\no=- 1 1 IN IP4 ${host}\r\ns=-\r\nc=IN IP4 ${host}\r\nt=0 0\r\n` +
  `m=audio 4000 ${profile} ${Object.keys(codecs).join(' ')}\r\n` +
  Object.entries(codecs)
    .map(([type, name]) => `a=rtpmap:${type} ${name}/8000\r\n`)
    .join('');
