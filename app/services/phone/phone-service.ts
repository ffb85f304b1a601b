/**
 * What the phone service does for the window: SIP over the sockets of its accounts, and media through the gateway. The
 * window names an account; which addresses bytes go to is decided here.
 */
import { MediaGateway } from '../../../proxy-core/media/index.ts';
import { TimerWheel } from '../../../proxy-core/node/clock.ts';
import { createResolver } from '../../../proxy-core/node/dns.ts';
import { randomHex } from '../../../proxy-core/node/random.ts';
import type { TransportLog } from '../../../proxy-core/node/transport/node-transport.ts';
import { FailedHops } from '../../../proxy-core/server/failed-hops.ts';
import type { Resolve } from '../../../proxy-core/server/parts.ts';
import { accountSettingsOf } from '../../shared/account-settings.ts';
import type { Account } from '../../shared/bridge.ts';
import { callDefaults } from '../../shared/call-settings.ts';
import { codecDefaults } from '../../shared/codec-settings.ts';
import type { MediaFailure, PhonePortSchema, SipCall } from '../../shared/phone-port.ts';
import type { Emitters, Handlers } from '../../shared/schema.ts';
import type { RelayPasswords } from '../../shared/services.ts';
import { textOf } from '../../shared/text-of.ts';
import { AccountConnection } from './account-connection.ts';
import { BoundedMap } from './bounded-map.ts';
import type { Connection } from './connection.ts';
import { DirectConnection } from './direct-connection.ts';
import { findIceServers } from './ice-servers.ts';
import { waitedFor } from './sound-host.ts';

export interface PhoneServiceOptions {
  /** Every socket stays on 127.0.0.1. */
  readonly loopback: boolean;
  /** Where the first account listens; any free port without it. */
  readonly sipPort?: number | undefined;
  /** Tells the window; an event while there is no window is dropped. */
  readonly emit: Emitters<PhonePortSchema>;
  readonly log?: TransportLog;
  /** In place of DNS. */
  readonly resolve?: Resolve;
}

export interface PhoneService {
  /** The accounts that the window may name; connections of those that are gone are closed. */
  configure(accounts: readonly Account[], relayPasswords?: RelayPasswords): void;
  /** Answers the window. A window that is loaded again finds the connections of before. */
  readonly handlers: Handlers<PhonePortSchema>;
  /** Another page took the window's place: the sound of the one before has nobody to end it. */
  windowChanged(): void;
  /** Settles when every socket is closed. */
  close(): Promise<void>;
}

/** An account that was signed out may still take itself off its registrar: its sockets stay this long. */
const SIGN_OFF_MS = 5_000;
/** How long an address that did not answer is tried after the others. */
const FAILED_MS = 60_000;
const UNHEARD: MediaFailure = { ok: false, status: 500, reason: 'The other side did not send this description' };
/** More than the gateway has at a time. */
const MAX_SESSIONS = 128;
const SILENT: TransportLog = { info() {}, warn() {} };

/** Of what is let go where nobody waits for it. */
const told = (error: unknown): void => console.error(`What an account had could not be let go: ${textOf(error)}`);

export function createPhoneService(options: PhoneServiceOptions): PhoneService {
  const { loopback, sipPort, emit, log = SILENT } = options;
  const resolve = options.resolve ?? createResolver({ transports: ['UDP', 'TCP', 'TLS', 'WS', 'WSS'], loopback });
  const clock = new TimerWheel();
  const failedHops = new FailedHops(clock, FAILED_MS);
  const connections = new Map<string, Connection>();
  const endings = new Map<string, NodeJS.Timeout>();
  let accounts: ReadonlyMap<string, Account> = new Map();
  let relayPasswords: RelayPasswords = {};
  /** What is wrong with the servers of an account that help sound on its way. */
  const troubles = new Map<string, string>();
  let closed = false;

  const gateway = new MediaGateway({
    localHost: (accountId, regId) => {
      const find = async () => connections.get(accountId)?.soundHost(regId === 2 ? 2 : 1);
      return waitedFor(clock, find, () => closed || !connections.has(accountId));
    },
    protection: (accountId) => {
      const { protection, keyExchange } = { ...callDefaults, ...accounts.get(accountId)?.calls };
      return { wanted: protection, offered: keyExchange };
    },
    ice: (accountId) => accounts.get(accountId)?.calls?.ice ?? callDefaults.ice,
    sound: (accountId) => accounts.get(accountId)?.codecs ?? codecDefaults,
    servers: async (accountId, family) => {
      const settings = { ...callDefaults, ...accounts.get(accountId)?.calls };
      const { servers, trouble } = await findIceServers(settings, relayPasswords[accountId] ?? '', family, loopback);
      if (trouble !== (troubles.get(accountId) ?? '')) {
        troubles.set(accountId, trouble);
        emit.media.trouble({ accountId, reason: trouble });
      }
      return servers;
    },
    isReserved: (endpoint) => [...connections.values()].some((connection) => connection.listensOn(endpoint)),
    loopback,
  });
  const stopHearing = gateway.onSilence((notice) => emit.media.silence(notice));
  /** Which call a session is of: only in that one may its candidates be told. */
  const calls = new BoundedMap<string, SipCall>(MAX_SESSIONS);
  const stopTelling = gateway.onCandidates((notice) => {
    const { accountId = '', callId = '' } = calls.get(notice.sessionId) ?? {};
    connections.get(accountId)?.descriptions.written(callId, notice.fragment, 'candidates');
    emit.media.candidates(notice);
  });

  const end = async (accountId: string): Promise<void> => {
    clearTimeout(endings.get(accountId));
    endings.delete(accountId);
    const connection = connections.get(accountId);
    connections.delete(accountId);
    await connection?.close();
  };

  const connect = (account: Account): Connection => {
    const { id: accountId } = account;
    const Kind = accountSettingsOf(account).registrar ? AccountConnection : DirectConnection;
    const connection = new Kind({
      account,
      loopback,
      sipPort: [...accounts.keys()][0] === accountId ? sipPort : undefined,
      resolve,
      failedHops,
      clock,
      random: randomHex,
      log,
      received: (flow, message, source) =>
        emit.sip.received({
          accountId,
          flowId: flow.flowId,
          message,
          remoteHost: source.host,
          remotePort: source.port,
        }),
      closed: (flow, reason) => emit.sip.closed({ accountId, flowId: flow.flowId, reason }),
    });
    connections.set(accountId, connection);
    return connection;
  };

  const cameIn = ({ accountId, callId }: SipCall, text: string, kind?: 'candidates'): boolean =>
    connections.get(accountId)?.descriptions.cameIn(callId, text, kind) === true;

  return {
    configure(next, passwords = {}) {
      relayPasswords = passwords;
      accounts = new Map(next.map((account) => [account.id, account]));
      for (const [accountId, connection] of connections) {
        const account = accounts.get(accountId);
        if (account !== undefined) {
          if (sameServer(connection.account, account)) connection.reconfigure(account);
          clearTimeout(endings.get(accountId));
          endings.delete(accountId);
        } else if (!endings.has(accountId)) {
          const timer = setTimeout(() => void end(accountId).catch(told), SIGN_OFF_MS);
          endings.set(accountId, timer);
        }
      }
    },
    handlers: {
      sip: {
        async open({ accountId, regId }) {
          const account = accounts.get(accountId);
          if (account === undefined || closed) return { ok: false, reason: 'This account is not known here.' };
          const known = connections.get(accountId);
          if (known !== undefined && sameServer(known.account, account)) return known.open(regId === 2 ? 2 : 1);
          await end(accountId);
          return (connections.get(accountId) ?? connect(account)).open(regId === 2 ? 2 : 1);
        },
        async send({ accountId, flowId, message }) {
          const connection = connections.get(accountId);
          if (connection === undefined) return { ok: false, reason: 'This account has no connection.' };
          return connection.send(flowId, message);
        },
        line: async ({ accountId, uri }) => (await connections.get(accountId)?.lineTowards(uri)) ?? 1,
        close: ({ accountId }) => end(accountId),
      },
      media: {
        async offer(args) {
          calls.set(args.sessionId, { accountId: args.accountId, callId: args.callId });
          const made = await gateway.offer(args);
          if (made.ok) connections.get(args.accountId)?.descriptions.written(args.callId, made.sipOffer);
          return made;
        },
        async answer(args) {
          return cameIn(args, args.sipAnswer) ? gateway.answer(args) : UNHEARD;
        },
        async accept(args) {
          if (!cameIn(args, args.sipOffer)) return UNHEARD;
          calls.set(args.sessionId, { accountId: args.accountId, callId: args.callId });
          const made = await gateway.accept(args);
          if (made.ok) connections.get(args.accountId)?.descriptions.written(args.callId, made.sipAnswer);
          return made;
        },
        hear(args) {
          if (cameIn(args, args.fragment, 'candidates')) gateway.hear(args);
        },
        echo: (args) => gateway.echo(args),
        stats: (args) => gateway.stats(args),
        close: (args) => gateway.close(args),
      },
    },
    windowChanged() {
      void gateway.closeAll().catch(told);
    },
    async close() {
      closed = true;
      stopHearing();
      stopTelling();
      await Promise.all([gateway.closeAll(), ...[...connections.keys()].map(end)]);
    },
  };
}

/** What makes another connection of it. */
const SAME = ['transport', 'registrar', 'listenPort'] as const;
const sameServer = (a: Account, b: Account): boolean =>
  a.server.trim() === b.server.trim() &&
  a.outboundProxy.trim() === b.outboundProxy.trim() &&
  SAME.every((name) => accountSettingsOf(a)[name] === accountSettingsOf(b)[name]);
