/** What one profile keeps: its accounts and whether it hosts an office. Passwords are elsewhere (`secrets.ts`). */
import { join } from 'node:path';
import * as v from 'valibot';
import type { Account } from '../shared/bridge.ts';
import {
  AUTO_ANSWERS,
  CONSENTS,
  DTMF_WAYS,
  HOLD_SOUNDS,
  ICE_WAYS,
  KEY_EXCHANGES,
  PROTECTIONS,
  RELIABLES,
  TURN_TRANSPORTS,
} from '../shared/call-settings.ts';
import { inOrder, readJson, writeJson } from './atomic-file.ts';

const line = (max: number) => v.pipe(v.string(), v.maxLength(max), v.regex(/^[^\p{Cc}]*$/u));

/** Each setting that differs from the usual. */
export const callsShape = v.object({
  doNotDisturb: v.exactOptional(v.boolean()),
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
  protection: v.exactOptional(v.picklist(PROTECTIONS)),
  keyExchange: v.exactOptional(v.picklist(KEY_EXCHANGES)),
  ice: v.exactOptional(v.picklist(ICE_WAYS)),
  stunServer: v.exactOptional(line(300)),
  turnServer: v.exactOptional(line(300)),
  turnTransport: v.exactOptional(v.picklist(TURN_TRANSPORTS)),
  turnUser: v.exactOptional(line(200)),
});

export const accountShape = v.object({
  id: v.pipe(line(100), v.regex(/^[\w.-]+$/)),
  number: v.pipe(line(200), v.minLength(1), v.regex(/^[^\s@<>"]*$/)),
  displayName: line(200),
  server: v.pipe(line(300), v.minLength(1)),
  outboundProxy: line(300),
  calls: v.exactOptional(callsShape),
});

/** Those that one profile may hold. */
export const MAX_ACCOUNTS = 100;

const fileShape = v.object({
  version: v.literal(1),
  accounts: v.pipe(v.array(accountShape), v.maxLength(MAX_ACCOUNTS)),
  hosting: v.boolean(),
});

export interface ProfileData {
  readonly accounts: readonly Account[];
  /** The office was on when the program was last used, so it goes on again with it. */
  readonly hosting: boolean;
}

export interface ProfileStore {
  readonly data: ProfileData;
  /** Where an unreadable profile was put, when there was one. */
  readonly setAside: string | undefined;
  /** Settles when the change is on disk; rejects with FileNotWritten and keeps what was. */
  change(edit: (data: ProfileData) => ProfileData): Promise<void>;
}

export async function openProfile(folder: string): Promise<ProfileStore> {
  const path = join(folder, 'profile.json');
  const found = await readJson(path, (value) => v.is(fileShape, value));
  let data: ProfileData = { accounts: [], hosting: false };
  if (found.state === 'read') {
    const { accounts, hosting } = v.parse(fileShape, found.value);
    data = { accounts, hosting };
  }
  const serially = inOrder();
  return {
    get data() {
      return data;
    },
    setAside: found.state === 'corrupt' ? found.movedTo : undefined,
    change: (edit) =>
      serially(async () => {
        const next = edit(data);
        await writeJson(path, { version: 1, ...next });
        data = next;
      }),
  };
}
