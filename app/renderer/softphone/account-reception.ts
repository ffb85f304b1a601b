/** What others send to one account: gives each message to whom it concerns, and answers what concerns nobody. */
import type { AckKeeper } from '../../../proxy-core/sip/dialog/acks.ts';
import { unescapeUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { buildResponse, type HeaderLine } from '../../../proxy-core/sip/message/build.ts';
import type { SipRequest, SipResponse } from '../../../proxy-core/sip/message/message.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import { optionTags } from '../../../proxy-core/sip/message/parse.ts';
import type { RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import type { ServerTransaction, TransactionUser } from '../../../proxy-core/sip/transaction/user.ts';
import type { AccountCalls } from './account-calls.ts';
import { extensions, replyToOther } from './call/features.ts';
import type { AccountNews } from './events/account-news.ts';

export interface ReceptionOptions {
  readonly calls: () => AccountCalls;
  readonly news: () => AccountNews;
  readonly acks: AckKeeper;
  /** User parts by which the account is called, as binary strings; undefined where it is its address that is called. */
  readonly users: readonly string[] | undefined;
  readonly isActive: () => boolean;
  readonly random: RandomHex;
  readonly userAgent: string;
}

/** Requests that make sense inside a call only. */
const IN_DIALOG = ['BYE', 'INFO', 'UPDATE', 'PRACK'];

export class AccountReception implements TransactionUser {
  readonly #options: ReceptionOptions;

  constructor(options: ReceptionOptions) {
    this.#options = options;
  }

  request(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void {
    const { request } = transaction;
    const calls = this.#options.calls();
    const news = this.#options.news();
    if (request.method === 'CANCEL') {
      this.#cancelled(transaction, cancels);
      return;
    }
    const known = extensions(calls.settings);
    const unknown = optionTags(request, H.Require).filter((tag) => !known.includes(tag));
    if (unknown.length > 0) {
      this.respond(transaction, 420, [[H.Unsupported, unknown.join(', ')]]);
      return;
    }
    if (request.method === 'MESSAGE') {
      this.#message(transaction);
      return;
    }
    if (request.to.tag !== undefined) {
      const call = calls.ownerOf(request);
      if (call === undefined) news.inDialog(transaction);
      else call.request(transaction);
      return;
    }
    if (request.method === 'INVITE') {
      calls.invited(transaction);
      return;
    }
    if (request.method === 'NOTIFY') {
      news.unasked(transaction);
      return;
    }
    if (IN_DIALOG.includes(request.method)) {
      this.respond(transaction, 481);
      return;
    }
    const reply = replyToOther(transaction, 'confirmed');
    if (reply.do === 'reply') this.respond(transaction, reply.status, reply.headers);
  }

  ack(request: SipRequest): void {
    this.#options.calls().ownerOf(request)?.dispatch({ type: 'ack', request });
  }

  strayResponse(response: SipResponse): void {
    if (response.cseqMethod === 'INVITE' && response.status >= 200 && response.status < 300)
      this.#options.acks.repeat(response);
  }

  /** Answers outside any call. */
  respond(
    transaction: ServerTransaction,
    status: number,
    headers: readonly HeaderLine[] = [],
    toTag: string = this.#options.random(8),
  ): void {
    const all: HeaderLine[] = [[H.UserAgent, this.#options.userAgent], ...headers];
    transaction.respond(buildResponse(transaction.request, status, { toTag, headers: all }));
  }

  #message(transaction: ServerTransaction): void {
    const { users, isActive, news } = this.#options;
    const called = unescapeUri(transaction.request.uri.user).toLowerCase();
    // As with calls: what is meant for nobody in particular comes from those who try all addresses.
    const isMeant = users?.some((user) => user.toLowerCase() === called) ?? true;
    if (!isMeant) this.respond(transaction, 404);
    else if (!isActive()) this.respond(transaction, 480);
    else news().messenger.received(transaction);
  }

  #cancelled(transaction: ServerTransaction, cancels: ServerTransaction | undefined): void {
    if (cancels === undefined) {
      this.respond(transaction, 481);
      return;
    }
    const call = this.#options.calls().begunBy(cancels);
    // The same tag as in the answer to the INVITE (RFC 3261 §9.2).
    this.respond(transaction, 200, [], call?.localTag);
    if (cancels.isOpen) call?.dispatch({ type: 'cancelled', reasons: transaction.request.list(H.Reason) });
  }
}
