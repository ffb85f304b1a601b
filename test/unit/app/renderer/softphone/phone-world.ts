/** A softphone on a fake clock, over a fake phone service whose far end a test plays by hand. */
import { expect } from 'vitest';
import { createSoftphone, type Softphone } from '../../../../../app/renderer/softphone/index.ts';
import type {
  MediaPort,
  PeerMedia,
  PeerMediaListener,
  TapeListener,
} from '../../../../../app/renderer/softphone/media.ts';
import type { RecordingPort } from '../../../../../app/renderer/softphone/recordings.ts';
import type {
  AccountSnapshot,
  CallSnapshot,
  MessageFate,
  NewsSnapshot,
} from '../../../../../app/renderer/softphone/snapshots.ts';
import type { Account } from '../../../../../app/shared/bridge.ts';
import type { CallSettings } from '../../../../../app/shared/call-settings.ts';
import type { CertificateProblem } from '../../../../../app/shared/connection-settings.ts';
import type {
  AccountFlow,
  MediaResult,
  MediaStats,
  PhonePortSchema,
  RegId,
  WayFacts,
} from '../../../../../app/shared/phone-port.ts';
import type { Client } from '../../../../../app/shared/schema.ts';
import type { IncomingMessage } from '../../../../../app/shared/text-message.ts';
import { nodeHashes } from '../../../../../proxy-core/node/hashes.ts';
import {
  buildRequest,
  buildResponse,
  type HeaderLine,
  type ResponseParts,
} from '../../../../../proxy-core/sip/message/build.ts';
import type { SipMessage, SipRequest, SipResponse } from '../../../../../proxy-core/sip/message/message.ts';
import { H } from '../../../../../proxy-core/sip/message/names.ts';
import { parseMessage } from '../../../../../proxy-core/sip/message/parse.ts';
import { answerDirection, type Direction } from '../../../../../proxy-core/sip/sdp/direction.ts';
import { countingHex, FakeClock } from '../../../../support/fake-clock.ts';

export const sdp = (name: string, direction = 'sendrecv'): string =>
  `v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=${name}\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n` +
  `m=audio 40000 RTP/AVP 0 8\r\na=${direction}\r\n`;

export const account: Account = {
  id: 'acc-1',
  number: '1001',
  displayName: 'Anna',
  server: '127.0.0.1:5060',
  outboundProxy: '',
};

/** Lets everything that waits for a promise run. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

type Listener<T> = (payload: T) => void;

class Channel<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly on = (listener: Listener<T>): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  emit(payload: T): void {
    for (const listener of [...this.#listeners]) listener(payload);
  }
}

type Received = Parameters<Parameters<Client<PhonePortSchema>['sip']['received']>[0]>[0];
type Closed = Parameters<Parameters<Client<PhonePortSchema>['sip']['closed']>[0]>[0];
type Silence = Parameters<Parameters<Client<PhonePortSchema>['media']['silence']>[0]>[0];

export interface WorldOptions {
  readonly accounts?: readonly Account[];
  readonly password?: string | null;
  readonly transport?: 'UDP' | 'TCP';
  /** Seconds that the registrar grants. */
  readonly expires?: number;
  /** Whether there are two ways to the server. */
  readonly twoWays?: boolean;
  /** Of the only account. */
  readonly calls?: Partial<CallSettings>;
}

export class World {
  readonly clock = new FakeClock();
  readonly softphone: Softphone;
  readonly #hex = countingHex();
  readonly #sent: SipMessage[] = [];
  /** What it told of the sound of its calls; not among what is sent else. */
  readonly reports: SipRequest[] = [];
  /** What the phone sent that is no message. */
  readonly unreadable: string[] = [];
  readonly #received = new Channel<Received>();
  readonly #closed = new Channel<Closed>();
  readonly #silence = new Channel<Silence>();
  readonly #candidates = new Channel<{ sessionId: string; fragment: string; isNews: boolean }>();
  /** Candidates of other sides that the gateway was given. */
  readonly heard: string[] = [];
  /** Whether the other sides whose offers were answered take candidates. */
  readonly trickles: (boolean | undefined)[] = [];
  readonly #trouble = new Channel<{ accountId: string; reason: string }>();
  /** What the gateway and the page's media were asked, in order. */
  readonly media: string[] = [];
  /** Why the next piece of media work is refused. */
  refuseMedia: { readonly status: 400 | 488 | 500; readonly reason: string } | undefined;
  noMicrophone: string | undefined;
  /** Whether the peers take digits as telephone-events, and the codec of all calls. */
  telephoneEvents = true;
  codec = 'PCMU';
  /** What the gateway counts, where that matters. */
  stats: Partial<MediaStats> = {};
  peerMedia: PeerMediaListener | undefined;
  /** Packets of sound so far. */
  received = 1;
  deviceMuted = false;
  silentMicrophone = false;
  /** What the gateway says of the way to the other side. */
  way: WayFacts | undefined;
  /** Takes the pieces of the call that is recorded. */
  tape: TapeListener | undefined;
  /** What becomes of them. */
  readonly recordings = new FakeRecordings();
  opens = 0;
  /** Whether the network takes no message, though the connection seems to be there. */
  sendFails = false;
  /** Of this computer. */
  localHost = '127.0.0.1';
  openFails: string | { readonly reason: string; readonly certificate: CertificateProblem } | undefined;
  password: string | null;
  accounts: readonly AccountSnapshot[] = [];
  calls: readonly CallSnapshot[] = [];
  /** Text messages that came, whether they are kept, and what became of those that were sent. */
  readonly messages: IncomingMessage[] = [];
  keeps = true;
  readonly fates: MessageFate[] = [];
  news: NewsSnapshot = { people: [], mailboxes: [] };
  readonly #peers: PeerMedia[] = [];
  readonly #mixes = new Map<PeerMedia, readonly PeerMedia[]>();
  #flows = 0;
  /** The flows that are open. */
  readonly #open = new Map<RegId, string>();
  #openedAt = '';
  readonly #twoWays: boolean;
  #cseq = 100;
  readonly #transport: 'UDP' | 'TCP';

  constructor({ calls, accounts = [{ ...account, ...(calls && { calls }) }], ...options }: WorldOptions = {}) {
    const { password = 'secret', transport = 'UDP', twoWays = false } = options;
    this.password = password;
    this.#transport = transport;
    this.#twoWays = twoWays;
    this.softphone = createSoftphone({
      port: this.#port(),
      media: this.#mediaPort(),
      recordings: this.recordings,
      clock: this.clock,
      random: countingHex(),
      hashes: nodeHashes,
      secrets: async () => this.password,
      listener: {
        accounts: (list) => {
          this.accounts = list;
        },
        calls: (list) => {
          this.calls = list;
        },
        message: async (message) => {
          if (this.keeps) this.messages.push(message);
          return this.keeps;
        },
        messageFate: (fate) => void this.fates.push(fate),
        news: (news) => {
          this.news = news;
        },
      },
      userAgent: 'Tandem test',
      computer: () => 'my (PC)\r\n',
    });
    this.softphone.setAccounts(accounts);
  }

  /** A world whose only account is registered. */
  static async registered(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    await world.acceptRegistration(options.expires);
    return world;
  }

  async acceptRegistration(expires = 60): Promise<SipRequest> {
    const register = await this.request('REGISTER');
    this.reply(register, 200, { headers: [[H.Contact, `${register.header(H.Contact)};expires=${expires}`]] });
    await settle();
    return register;
  }

  get registration() {
    return this.accounts[0]?.registration;
  }

  get call(): CallSnapshot {
    const call = this.calls[0];
    if (call === undefined) throw new Error('there is no call');
    return call;
  }

  /** The next message that the phone sent. */
  async message(): Promise<SipMessage> {
    await settle();
    const message = this.#sent.shift();
    if (message === undefined) throw new Error('the phone sent nothing more');
    return message;
  }

  async request(method: string): Promise<SipRequest> {
    const message = await this.message();
    if (message.kind !== 'request') throw new Error(`a response ${message.status} instead of ${method}`);
    expect(message.method).toBe(method);
    return message;
  }

  async response(status: number): Promise<SipResponse> {
    const message = await this.message();
    if (message.kind !== 'response') throw new Error(`a ${message.method} instead of ${status}`);
    expect(message.status).toBe(status);
    return message;
  }

  /** The next request with this method, in the call that is named or else outside any; the rest stays to be read. */
  async nextRequest(method: string, callId?: string): Promise<SipRequest> {
    await settle();
    const at = this.#sent.findIndex(
      (message) =>
        message.kind === 'request' &&
        message.method === method &&
        (callId === undefined ? message.to.tag === undefined : message.callId === callId),
    );
    const [found] = at < 0 ? [] : this.#sent.splice(at, 1);
    if (found?.kind !== 'request') throw new Error(`no ${method} among: ${this.#sentLines().join(', ') || 'nothing'}`);
    return found;
  }

  async nextResponse(status: number): Promise<SipResponse> {
    await settle();
    const at = this.#sent.findIndex((message) => message.kind === 'response' && message.status === status);
    const [found] = at < 0 ? [] : this.#sent.splice(at, 1);
    if (found?.kind !== 'response') throw new Error(`no ${status} among: ${this.#sentLines().join(', ') || 'nothing'}`);
    return found;
  }

  #sentLines(): string[] {
    return this.#sent.map((message) => message.wire.split('\r\n')[0] ?? '');
  }

  async nothing(): Promise<void> {
    await settle();
    expect(this.#sentLines()).toEqual([]);
  }

  /** Lets time pass without caring for what is sent meanwhile. */
  async pass(ms: number): Promise<SipMessage[]> {
    // In slices, since what a timer starts may need a turn of its own before the next one is due.
    const slice = Math.max(500, ms / 200);
    for (let left = ms; left > 0; left -= slice) {
      this.clock.advance(Math.min(slice, left));
      await settle();
    }
    return this.#sent.splice(0);
  }

  reply(request: SipRequest, status: number, parts: ResponseParts = {}): void {
    this.receive(buildResponse(request, status, parts).wire);
  }

  /** An answer to our INVITE by the device that has this tag. */
  answer(invite: SipRequest, status: number, tag: string, body?: string, headers: readonly HeaderLine[] = []): void {
    this.receive(this.answered(invite, status, tag, body, headers));
  }

  /** The same, still to be received. */
  answered(
    invite: SipRequest,
    status: number,
    tag: string,
    body?: string,
    headers: readonly HeaderLine[] = [],
  ): string {
    return buildResponse(invite, status, {
      toTag: tag,
      headers: [[H.Contact, `<sip:${tag}@127.0.0.1:5070>`], ...headers],
      body: body === undefined ? undefined : { type: 'application/sdp', content: body },
    }).wire;
  }

  receive(message: string, regId: RegId = 1): void {
    const flowId = this.#open.get(regId) ?? '';
    this.#received.emit({ accountId: 'acc-1', flowId, message, remoteHost: '127.0.0.1', remotePort: 5060 });
  }

  invite(
    body: string | undefined = sdp('theirs'),
    headers: readonly HeaderLine[] = [],
    user = '1001',
    from = '1002@127.0.0.1',
  ): SipRequest {
    const request = buildRequest({
      method: 'INVITE',
      uri: `sip:${user}@127.0.0.1:6000`,
      via: `SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK${this.#hex(6)};rport`,
      from: `"Bob \xc3\x89" <sip:${from}>;tag=bob`,
      to: '<sip:1001@127.0.0.1>',
      callId: `in-${this.#hex(4)}`,
      cseq: this.#cseq++,
      headers: [[H.Contact, '<sip:1002@127.0.0.1:5080>'], ...headers],
      body: body === undefined ? undefined : { type: 'application/sdp', content: body },
    });
    this.receive(request.wire);
    return request;
  }

  /** A request of the peer in the dialog; `local` is the phone's address with its tag. */
  inDialog(
    method: string,
    dialog: { readonly callId: string; readonly local: string; readonly remote: string; readonly cseq?: number },
    parts: { readonly headers?: readonly HeaderLine[]; readonly body?: string; readonly branch?: string } = {},
  ): SipRequest {
    const request = buildRequest({
      method,
      uri: 'sip:1001@127.0.0.1:6000',
      via: `SIP/2.0/UDP 127.0.0.1:5060;branch=${parts.branch ?? `z9hG4bK${this.#hex(6)}`};rport`,
      from: dialog.remote,
      to: dialog.local,
      callId: dialog.callId,
      cseq: dialog.cseq ?? this.#cseq++,
      headers: [
        ...(method === 'INVITE' ? [[H.Contact, '<sip:peer@127.0.0.1:5090>'] as const] : []),
        ...(parts.headers ?? []),
      ],
      body: parts.body === undefined ? undefined : { type: 'application/sdp', content: parts.body },
    });
    this.receive(request.wire);
    return request;
  }

  /** Which others each peer hears besides the microphone, as numbers in the order of their calls. */
  get mixes(): readonly (readonly number[])[] {
    return this.#peers.map((peer) => (this.#mixes.get(peer) ?? []).map((other) => this.#peers.indexOf(other)));
  }

  /** Of the next request of a peer. */
  nextCseq(): number {
    return this.#cseq++;
  }

  silence(cause: Silence['cause']): void {
    this.#silence.emit({ sessionId: this.call.id, silentMs: 3_000, cause });
  }

  /** The gateway found candidates of ours. */
  candidates(fragment: string, isNews = true, sessionId = this.call.id): void {
    this.#candidates.emit({ sessionId, fragment, isNews });
  }

  /** As when its process fell: it knows no flow of before. */
  restartService(): void {
    this.#open.clear();
    this.softphone.serviceRestarted();
  }

  /** The phone service cannot use a server of the account. */
  trouble(reason: string): void {
    this.#trouble.emit({ accountId: 'acc-1', reason });
  }

  closeFlow(reason: string, regId: RegId = 1): void {
    const flowId = this.#open.get(regId) ?? '';
    this.#open.delete(regId);
    this.#closed.emit({ accountId: 'acc-1', flowId, reason });
  }

  #port(): Client<PhonePortSchema> {
    const media = <T>(what: string, value: T): Promise<MediaResult<T>> => {
      this.media.push(what);
      const refused = this.refuseMedia;
      return Promise.resolve(refused === undefined ? { ok: true, ...value } : { ok: false, ...refused });
    };
    return {
      sip: {
        open: async ({ accountId, regId }) => {
          this.opens++;
          const fails = this.openFails;
          if (fails !== undefined) return { ok: false, ...(typeof fails === 'string' ? { reason: fails } : fails) };
          // As the service does: a connection that is there still is the same one.
          const known = this.#openedAt === this.localHost ? this.#open.get(regId) : undefined;
          const flowId = known ?? `flow-${++this.#flows}`;
          this.#openedAt = this.localHost;
          this.#open.set(regId, flowId);
          const flow: AccountFlow = {
            ...{ accountId, flowId, transport: this.#transport, localHost: this.localHost, localPort: 6000 },
            ...{ remoteHost: '127.0.0.1', remotePort: 5060, proxy: regId - 1, hasOther: this.#twoWays },
          };
          return { ok: true, flow };
        },
        send: async ({ flowId, message }) => {
          if (this.sendFails) return { ok: false, reason: 'The network is unreachable.' };
          if (![...this.#open.values()].includes(flowId))
            return { ok: false, reason: 'This account has no connection.' };
          const parsed = parseMessage(message);
          if (!parsed.ok) {
            this.unreadable.push(message);
            throw new Error(`the phone sent an unreadable message: ${parsed.error.reason}`);
          }
          if (isReport(parsed.value)) this.reports.push(parsed.value);
          else this.#sent.push(parsed.value);
          return { ok: true };
        },
        line: async () => 1,
        close: async () => {},
        received: this.#received.on,
        closed: this.#closed.on,
      },
      media: {
        offer: ({ webrtcOffer, restart }) =>
          media(`gateway offers${restart === true ? ' anew' : ''}`, { sipOffer: sdp('ours', webrtcOffer) }),
        answer: ({ sipAnswer }) => media(`gateway takes ${nameOf(sipAnswer)}`, { webrtcAnswer: `for ${sipAnswer}` }),
        accept: ({ sipOffer, webrtcOffer, trickles }) => {
          this.trickles.push(trickles);
          const direction = answerDirection(directionOf(sipOffer), webrtcOffer as Direction);
          const sipAnswer = sdp('our-answer', direction);
          return media(`gateway accepts ${nameOf(sipOffer)}`, { sipAnswer, webrtcAnswer: 'accepted' });
        },
        echo: async () => ({ ok: false, status: 500, reason: 'No test calls here' }),
        stats: async () => ({
          received: this.received,
          sent: 2,
          lost: 0,
          ...(this.way && { way: this.way }),
          silentMs: 0,
          jitterMs: 1,
          codec: this.codec,
          protection: '',
          ice: null,
          peer: null,
          roundTripMs: null,
          ...this.stats,
        }),
        close: async () => {
          this.media.push('gateway closes');
        },
        hear: async ({ fragment }) => void this.heard.push(fragment),
        candidates: this.#candidates.on,
        silence: this.#silence.on,
        trouble: this.#trouble.on,
      },
    };
  }

  #mediaPort(): MediaPort {
    return {
      open: async (listener) => {
        if (this.noMicrophone !== undefined) return { ok: false, reason: this.noMicrophone };
        this.peerMedia = listener;
        const note = (what: string): void => void this.media.push(what);
        const media: PeerMedia = {
          offer: async (direction) => direction,
          answer: async () => {},
          rollback: async () => note('page rolls back'),
          setMuted: (muted) => note(muted ? 'muted' : 'unmuted'),
          setHeld: (held) => note(held === undefined ? 'page resumes' : `page holds with ${held}`),
          mix: (others) => this.#mixes.set(media, others),
          sendDigit: (digit, how) => {
            if (how === 'event' && !this.telephoneEvents) return false;
            note(how === 'event' ? `digit ${digit}` : `tone ${digit}`);
            return true;
          },
          record: (announce, tape) => {
            note(announce ? 'records and tells' : 'records');
            this.tape = tape;
            return {
              ok: true,
              stop: () => {
                note('stops recording');
                tape.ended();
              },
            };
          },
          levels: async () => ({
            ...{ microphone: 0.1, microphoneMuted: this.deviceMuted, heard: 0.1, packets: 1 },
            energy: this.silentMicrophone ? 1 : this.clock.now(),
          }),
          close: () => note('page closes'),
        };
        this.#peers.push(media);
        return { ok: true, media };
      },
    };
  }
}

/** Files in memory: `full` refuses the next piece. */
export class FakeRecordings implements RecordingPort {
  readonly files: { who: string; pieces: number[]; ended: boolean }[] = [];
  refuse: string | undefined;
  full = false;
  told = false;
  seconds = 0;
  level = 0.5;

  readonly begin = async ({ who }: { who: string }) => {
    if (this.refuse !== undefined) return { ok: false, reason: this.refuse } as const;
    this.files.push({ who, pieces: [], ended: false });
    return { ok: true, value: { id: String(this.files.length - 1), name: `${who}.webm` } } as const;
  };
  readonly write = async ({ id, data }: { id: string; data: Uint8Array }) => {
    if (this.full) return { ok: false, reason: 'The disk is full.' } as const;
    this.files[Number(id)]?.pieces.push(...data);
    return { ok: true, value: undefined } as const;
  };
  readonly end = async ({ id }: { id: string }) => {
    const file = this.files[Number(id)];
    if (file !== undefined) file.ended = true;
    return { ok: true, value: { seconds: this.seconds, bytes: 1, excerpts: [] } } as const;
  };
  readonly loudest = async () => this.level;
  readonly announce = () => this.told;
}

const isReport = (message: SipMessage): message is SipRequest =>
  message.kind === 'request' && message.method === 'PUBLISH' && message.header(H.Event) === 'vq-rtcpxr';

const directionOf = (text: string) => (/^a=((?:send|recv)\w+|inactive)/m.exec(text)?.[1] ?? 'sendrecv') as Direction;

const nameOf = (text: string): string => /^s=(.*)$/m.exec(text)?.[1]?.trim() ?? '';

export const isResponse = (message: SipMessage | undefined): message is SipResponse => message?.kind === 'response';
