/**
 * Who is told of each call that ends: the page says what it wants, the person is asked in a box that the page cannot reach,
 * and what the box showed is what the exchange gets.
 */
import * as v from 'valibot';
import type { BridgeSchema, Outcome } from '../shared/bridge.ts';
import type { WebhookChange } from '../shared/office-admin.ts';
import type { Handlers } from '../shared/schema.ts';
import type { Office } from './office.ts';

/** What the person is asked to agree to. */
export interface WebhookQuestion {
  /** With the port where it is not the usual one; absent where only the secret becomes another. */
  readonly host?: string;
  readonly url?: string;
  /** Whether others on the way cannot read it. */
  readonly isProtected: boolean;
}

/** Gives whether the person agrees. */
export type WebhookBox = (question: WebhookQuestion) => Promise<boolean>;

/** No name of a computer is longer, and the box has to show it whole. */
const LONGEST_HOST = 253;

const wanted = v.strictObject({
  url: v.optional(v.pipe(v.string(), v.trim(), v.maxLength(2_048))),
  secret: v.optional(v.pipe(v.string(), v.maxLength(256))),
});

const refused = (reason: string): Outcome<never> => ({ ok: false, reason });

export function webhookSetter(
  office: Pick<Office, 'setWebhook'>,
  agrees: WebhookBox,
): Handlers<BridgeSchema>['office']['setWebhook'] {
  let isAsking = false;

  async function asked(question: WebhookQuestion): Promise<boolean> {
    isAsking = true;
    try {
      return await agrees(question);
    } finally {
      isAsking = false;
    }
  }

  return async (args: unknown): Promise<Outcome<boolean>> => {
    const parsed = v.safeParse(wanted, args);
    if (!parsed.success) return refused('That question makes no sense.');
    const { url, secret } = parsed.output;
    if (isAsking) return refused('You are being asked already.');
    const change: { url?: string; secret?: string } = secret === undefined ? {} : { secret };
    if (url === '') change.url = '';
    else if (url !== undefined) {
      const target = targetOf(url);
      if (target === undefined) {
        return refused('A webhook is a URL that begins with https:// or http://, without a user name.');
      }
      // As it was read here, so that nobody reads it otherwise.
      change.url = target.href;
      const { host, href, protocol } = target;
      if (!(await asked({ host, url: href, isProtected: protocol === 'https:' }))) return { ok: true, value: false };
    } else if (secret === undefined) return refused('That question makes no sense.');
    else if (!(await asked({ isProtected: true }))) return { ok: true, value: false };
    const done = await office.setWebhook(change satisfies WebhookChange);
    return done.ok ? { ok: true, value: true } : done;
  };
}

function targetOf(text: string): URL | undefined {
  try {
    const url = new URL(text);
    const { protocol, username, password, host } = url;
    const isWeb = protocol === 'https:' || protocol === 'http:';
    return isWeb && username === '' && password === '' && host.length <= LONGEST_HOST ? url : undefined;
  } catch {
    return undefined;
  }
}
