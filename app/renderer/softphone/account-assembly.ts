/** Puts the parts of one account together: each is given what it needs of the others, and reaches round none. */
import type { HashPort } from '../../../proxy-core/sip/auth/hashes.ts';
import { AckKeeper } from '../../../proxy-core/sip/dialog/acks.ts';
import { nameAddr } from '../../../proxy-core/sip/grammar/name-addr.ts';
import { toBytes } from '../../../proxy-core/sip/grammar/text.ts';
import type { SipUri } from '../../../proxy-core/sip/grammar/uri.ts';
import { H } from '../../../proxy-core/sip/message/names.ts';
import type { Clock, RandomHex } from '../../../proxy-core/sip/transaction/clock.ts';
import { createStack, type SipStack } from '../../../proxy-core/sip/transaction/stack.ts';
import { isSecure, type TransportName } from '../../../proxy-core/sip/transport/port.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import { type CallSettings, callDefaults } from '../../shared/call-settings.ts';
import type { PhonePortSchema, RegId } from '../../shared/phone-port.ts';
import type { Client } from '../../shared/schema.ts';
import type { AccountAddress } from './account-address.ts';
import { AccountCalls, type SharedLines } from './account-calls.ts';
import { AccountReception } from './account-reception.ts';
import { usersOf } from './arrivals.ts';
import { Credentials } from './credentials.ts';
import { AccountNews } from './events/account-news.ts';
import type { MessengerOptions } from './events/messenger.ts';
import { Interruptions } from './interruptions.ts';
import { LastWords } from './last-words.ts';
import type { MediaPort } from './media.ts';
import { QualityReports } from './quality-reports.ts';
import type { RecordingPort } from './recordings.ts';
import { Listening, lineTowards, type Reach } from './registration/listening.ts';
import { Registrations } from './registration/registrations.ts';
import { instanceOf } from './registration/whereabouts.ts';
import { readTarget } from './target.ts';
import { AccountTransport } from './transport.ts';

export interface AgentOptions {
  readonly account: Account;
  readonly address: AccountAddress;
  readonly port: Client<PhonePortSchema>;
  readonly media: MediaPort;
  readonly recordings?: RecordingPort | undefined;
  readonly clock: Clock;
  readonly random: RandomHex;
  readonly hashes: HashPort;
  readonly secret: () => Promise<string | null>;
  readonly userAgent: string;
  /** How this computer is called. */
  readonly computer?: (() => string) | undefined;
  readonly lines: SharedLines;
  readonly changed: () => void;
  /** What it hears of others has changed. */
  readonly newsChanged: () => void;
  readonly messages: Pick<MessengerOptions, 'keep' | 'fate'>;
  readonly closed: () => void;
}

export interface AccountPorts {
  /** The account as it is configured now. */
  readonly current: () => Account;
  /** It has signed out, and what was said last is answered. */
  readonly closed: () => void;
}

export interface AccountAssembly {
  readonly transport: AccountTransport;
  readonly stack: SipStack;
  readonly credentials: Credentials;
  readonly reach: Reach;
  readonly acks: AckKeeper;
  readonly calls: AccountCalls;
  readonly news: AccountNews;
  readonly interruptions: Interruptions;
  readonly lastWords: LastWords;
  /** Address of record; without a server, where it listens, on one of its lines. */
  readonly aorOn: (regId: RegId | undefined) => string;
  /** The transport of its connection, where others can listen on that; undefined where none can, or there is none. */
  readonly openTransport: () => TransportName | undefined;
}

export function assembleAccount(options: AgentOptions, { current, closed }: AccountPorts): AccountAssembly {
  const {
    account,
    address,
    port,
    media,
    clock,
    random,
    hashes,
    secret,
    userAgent,
    computer = () => '',
    changed,
  } = options;
  const acks = new AckKeeper(clock);
  const lastWords = new LastWords(clock);
  const aorOn = (regId: RegId | undefined): string => address.aor || reach.contact('address', address.secure, regId);
  const openTransport = (): TransportName | undefined => {
    const name = transport.hop?.transport;
    return name === undefined || isSecure(name) ? undefined : name;
  };
  const { authName, expires, registrar } = accountSettingsOf(account);
  const username = authName.trim() || account.number.trim();
  // The password is for the server alone: any stranger may ask for it where there is none.
  const known = address.domain === '' ? async () => null : secret;
  const credentials = new Credentials({ username, hashes, random, secret: known });
  const transport: AccountTransport = new AccountTransport({
    accountId: account.id,
    port,
    sink: {
      received: (wire, source) => stack.transport.received(wire, source),
      flowClosed: (flow) => stack.transport.flowClosed(flow),
    },
    lost: (regId, reason) => {
      reach.lost(regId, reason);
      interruptions.wayChanged();
      interruptions.lineLost(regId);
    },
    preferred: () => reach.preferred,
  });
  const users = registrar ? usersOf(address.user, account.number) : undefined;
  const isActive = () => reach.isActive;
  const reception = new AccountReception({
    ...{ acks, users, isActive, random, userAgent },
    calls: () => calls,
    news: () => news,
  });
  const stack: SipStack = createStack({ port: transport, clock, random, user: reception });
  const interruptions: Interruptions = new Interruptions({
    calls: () => calls.all,
    flow: () => transport.flow(1) ?? transport.flow(2),
    isNamed: () => reach.contact('public') !== reach.contact('address'),
  });
  const way = {
    transactions: stack.transactions,
    credentials,
    hop: () => transport.hop,
    waits: () => lastWords.waits(),
  };
  const common = {
    transport,
    clock,
    changed: () => {
      news.follow(reach.state);
      changed();
    },
    opened: () => interruptions.opened(),
    accepted: (server = '', events: readonly string[] = []) => {
      news.registered(server, events);
      interruptions.accepted();
    },
    closed: () => lastWords.closeAfter(() => closed()),
  };
  const instance = instanceOf(account.id, hashes);
  const reach: Reach = registrar
    ? new Registrations({
        ...common,
        ...{ number: account.number.trim(), expires, address, way, random, userAgent, computer, instance },
      })
    : new Listening({ ...common, user: address.user });
  const parts = {
    ...{ clock, random, way },
    from: (regId?: RegId) => nameAddr(aorOn(regId), toBytes(current().displayName.trim())).toString(),
    routes: () => reach.routes,
    contact: () => `<${reach.contact('public')}>`,
    userAgent: [H.UserAgent, userAgent] as const,
  };
  const lineTo = (uri: string) =>
    registrar ? reach.preferred : lineTowards(uri, () => port.sip.line({ accountId: account.id, uri }));
  const isOwn = (uri: SipUri) => uri.host.toLowerCase() === hostOf(address.domain);
  const news: AccountNews = new AccountNews({
    host: {
      ...{ ...parts, aor: address.aor, changed: options.newsChanged },
      // No GRUU: Kamailio gives one out, but does not lead the NOTIFYs of its own presence server there.
      contact: () => `<${reach.contact('address')}>`,
      respond: (transaction, status, headers) => reception.respond(transaction, status, headers),
      towards(uri, send) {
        if (registrar) {
          send({ ...parts, aor: address.aor });
          return;
        }
        void Promise.resolve(lineTo(uri)).then((regId) =>
          send({
            way: { ...way, hop: () => transport.hopOf(regId) ?? transport.hop },
            from: () => parts.from(regId),
            aor: aorOn(regId),
          }),
        );
      },
    },
    ...{ account, instance },
    readTarget: (text) => readTarget(text, address),
    messages: { ...options.messages, isOwn },
  });
  const { lines } = options;
  const reports = new QualityReports({
    ...{ ...parts, aor: address.aor },
    isRegistered: () => reach.state.state === 'registered',
    localHost: () => transport.hop?.host,
  });
  const calls: AccountCalls = new AccountCalls({
    host: {
      ...{ ...parts, accountId: account.id, acks },
      changed: () => {
        news.talking(calls.all.some((call) => call.isAnswered));
        changed();
      },
      sounded: (report) => reports.send(report),
      mediaPorts: { gateway: port.media, media },
      recordings: options.recordings,
      contact: (kind, secure, regId) => `<${reach.contact(kind, secure, regId)}>`,
      hopOf: (regId) => transport.hopOf(regId),
      isOwn,
    },
    ...{ users, isActive, lines },
    settings: settingsOf(account),
    isConnected: () => transport.hop !== undefined && reach.isActive,
    lineTowards: lineTo,
    lineOf: (flow) => transport.lineOf(flow),
    isProtected: () => openTransport() === undefined,
    respond: (transaction, status, headers) => reception.respond(transaction, status, headers),
  });
  return { transport, stack, credentials, reach, acks, calls, news, interruptions, lastWords, aorOn, openTransport };
}

export const settingsOf = ({ calls }: Account): CallSettings => ({ ...callDefaults, ...calls });

/** Without the port. */
const hostOf = (domain: string): string => domain.replace(/:\d+$/, '').toLowerCase();
