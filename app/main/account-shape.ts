/** What the main process accepts as an account, from the page and from the disk. */
import * as v from 'valibot';
import { LEAST_EXPIRES, MOST_EXPIRES } from '../shared/account-settings.ts';
import {
  AUTO_ANSWERS,
  CONSENTS,
  DTMF_WAYS,
  HOLD_SOUNDS,
  ICE_WAYS,
  KEY_EXCHANGES,
  PROTECTIONS,
  PUBLISHES,
  RELIABLES,
  TURN_TRANSPORTS,
} from '../shared/call-settings.ts';
import { CODECS, PTIMES } from '../shared/codec-settings.ts';
import { CONNECTION_TRANSPORTS, MAX_AUTHORITY, MAX_TRUSTED, PROXY_USES } from '../shared/connection-settings.ts';
import {
  DIAL_PREFIX,
  fitsPattern,
  LEAST_OUTSIDE_DIGITS,
  MAX_DIAL_RULES,
  MAX_DIAL_TEXT,
  MOST_OUTSIDE_DIGITS,
  NUMBER_FORMS,
} from '../shared/dialling.ts';
import { MAX_REPLIES, MAX_REPLY } from '../shared/replies.ts';
import { MAX_WATCHED } from '../shared/watched-person.ts';

const line = (max: number) => v.pipe(v.string(), v.maxLength(max), v.regex(/^[^\p{Cc}]*$/u));

/** Each setting that differs from the usual. */
export const callsShape = v.object({
  doNotDisturb: v.exactOptional(v.boolean()),
  doNotDisturbUntil: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  callWaiting: v.exactOptional(v.boolean()),
  anonymous: v.exactOptional(v.boolean()),
  refuseAnonymous: v.exactOptional(v.boolean()),
  autoAnswer: v.exactOptional(v.picklist(AUTO_ANSWERS)),
  holdSound: v.exactOptional(v.picklist(HOLD_SOUNDS)),
  dtmf: v.exactOptional(v.picklist(DTMF_WAYS)),
  redirects: v.exactOptional(v.picklist(CONSENTS)),
  transfers: v.exactOptional(v.picklist(CONSENTS)),
  replaceable: v.exactOptional(v.boolean()),
  reliable: v.exactOptional(v.picklist(RELIABLES)),
  sessionSeconds: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(86_400))),
  lateOffer: v.exactOptional(v.boolean()),
  record: v.exactOptional(v.boolean()),
  protection: v.exactOptional(v.picklist(PROTECTIONS)),
  keyExchange: v.exactOptional(v.picklist(KEY_EXCHANGES)),
  ice: v.exactOptional(v.picklist(ICE_WAYS)),
  stunServer: v.exactOptional(line(300)),
  turnServer: v.exactOptional(line(300)),
  turnTransport: v.exactOptional(v.picklist(TURN_TRANSPORTS)),
  turnUser: v.exactOptional(line(200)),
  publish: v.exactOptional(v.picklist(PUBLISHES)),
  voicemail: v.exactOptional(line(300)),
});

/** Each setting that differs from the usual. */
export const settingsShape = v.object({
  enabled: v.exactOptional(v.boolean()),
  authName: v.exactOptional(line(200)),
  registrar: v.exactOptional(v.boolean()),
  listenPort: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535))),
  expires: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(LEAST_EXPIRES), v.maxValue(MOST_EXPIRES))),
  transport: v.exactOptional(v.picklist(CONNECTION_TRANSPORTS)),
  proxyUse: v.exactOptional(v.picklist(PROXY_USES)),
});

export const peopleShape = v.pipe(
  v.array(v.object({ target: v.pipe(line(300), v.minLength(1)), name: line(200) })),
  v.maxLength(MAX_WATCHED),
);

export const repliesShape = v.pipe(v.array(v.pipe(line(MAX_REPLY), v.minLength(1))), v.maxLength(MAX_REPLIES));

export const trustedShape = v.pipe(
  v.array(
    v.object({
      server: line(300),
      fingerprint: v.pipe(v.string(), v.regex(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/)),
      name: line(300),
      until: v.number(),
      authority: v.pipe(
        v.string(),
        v.maxLength(MAX_AUTHORITY),
        v.regex(/^(?:-----BEGIN CERTIFICATE-----[\w+/=\s-]+)?$/),
      ),
    }),
  ),
  v.maxLength(MAX_TRUSTED),
);

export const codecsShape = v.object({
  codecs: v.pipe(
    v.array(v.picklist(CODECS)),
    v.minLength(1),
    v.check((names) => new Set(names).size === names.length),
  ),
  ptime: v.picklist(PTIMES),
});

const prefix = v.pipe(v.string(), v.maxLength(MAX_DIAL_TEXT), v.regex(DIAL_PREFIX));
const pattern = v.pipe(v.string(), v.maxLength(MAX_DIAL_TEXT));

export const diallingShape = v.object({
  country: v.pipe(v.string(), v.regex(/^(?:[A-Z]{2})?$/)),
  rules: v.pipe(
    v.array(
      v.variant('kind', [
        v.object({
          kind: v.literal('outside'),
          prefix: v.pipe(prefix, v.minLength(1)),
          digits: v.pipe(v.number(), v.integer(), v.minValue(LEAST_OUTSIDE_DIGITS), v.maxValue(MOST_OUTSIDE_DIGITS)),
        }),
        v.object({ kind: v.literal('form'), form: v.picklist(NUMBER_FORMS) }),
        v.object({ kind: v.literal('replace'), prefix: v.pipe(prefix, v.minLength(1)), by: prefix }),
        v.pipe(
          v.object({ kind: v.literal('pattern'), pattern, by: pattern }),
          v.check(({ pattern, by }) => fitsPattern(pattern, by)),
        ),
      ]),
    ),
    v.maxLength(MAX_DIAL_RULES),
  ),
});

const accountParts = v.object({
  id: v.pipe(line(100), v.regex(/^[\w.-]+$/)),
  number: v.pipe(line(200), v.minLength(1), v.regex(/^[^\s@<>"]*$/)),
  displayName: line(200),
  server: line(300),
  outboundProxy: line(1_200),
  settings: v.exactOptional(settingsShape),
  codecs: v.exactOptional(codecsShape),
  calls: v.exactOptional(callsShape),
  dialling: v.exactOptional(diallingShape),
  people: v.exactOptional(peopleShape),
  trusted: v.exactOptional(trustedShape),
});

/** Only an account without a registrar may have no server. */
export const accountShape = v.pipe(
  accountParts,
  v.forward(
    v.check(({ server, settings }) => server !== '' || settings?.registrar === false),
    ['server'],
  ),
);
