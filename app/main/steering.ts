/**
 * Lets scripts steer this phone: a socket in the profile's folder that only its owner can open (JSON-RPC 2.0, method
 * `phone.do`). The window does what is asked, since the calls are there; what comes before it is ready waits for it.
 */
import * as v from 'valibot';
import { AdminError } from '../../proxy-core/node/control/errors.ts';
import { listenLines } from '../../proxy-core/node/control/line-server.ts';
import { phonePath } from '../../proxy-core/node/control/socket-path.ts';
import type { SteerCommand, SteerReply } from '../shared/steering.ts';

export interface SteeringPorts {
  /** Absolute: the folder of the profile, whose lock this program holds. */
  readonly folder: string;
  /** Has the window do it; `reply` is called with the same number. */
  readonly ask: (asked: { readonly id: number; readonly command: SteerCommand }) => void;
  /** Runs `work` after `ms`; the returned function cancels it. */
  readonly after: (ms: number, work: () => void) => () => void;
}

export interface Steering {
  /** Settles when scripts are heard. */
  listen(): Promise<void>;
  /** A page listens. What another one was asked before is not done any more. */
  pageReady(): void;
  reply(answer: { readonly id: number; readonly reply: SteerReply }): void;
  close(): Promise<void>;
}

interface Waiting {
  readonly command: SteerCommand;
  asked: boolean;
  readonly settle: (reply: SteerReply) => void;
}

/** Longer than anything that the window waits for. */
const ANSWER_MS = 20_000;
const MOST_WAITING = 64;

const line = (max: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(max), v.regex(/^[^\p{Cc}]*$/u));
const callId = v.exactOptional(line(100));
const commandShape = v.variant('do', [
  v.object({ do: v.literal('state') }),
  v.object({ do: v.literal('call'), target: line(1_000), account: v.exactOptional(line(200)) }),
  v.object({ do: v.literal('transfer'), target: line(1_000), callId }),
  v.object({ do: v.literal('dtmf'), digits: line(64), callId }),
  v.object({ do: v.picklist(['answer', 'hangup', 'hold', 'resume', 'mute', 'unmute']), callId }),
]);

export function createSteering({ folder, ask, after }: SteeringPorts): Steering {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let ready = false;
  let server: Awaited<ReturnType<typeof listenLines>> | undefined;

  const send = (id: number, one: Waiting): void => {
    one.asked = true;
    ask({ id, command: one.command });
  };

  const perform = (params: unknown): Promise<SteerReply> => {
    const read = v.safeParse(commandShape, params);
    if (!read.success) throw new AdminError('invalid', 'That is nothing that a phone could do.');
    if (waiting.size >= MOST_WAITING) throw new AdminError('unreachable', 'The phone is asked too much at once.');
    lastId += 1;
    const id = lastId;
    return new Promise<SteerReply>((resolve) => {
      const cancel = after(ANSWER_MS, () => settle({ ok: false, reason: 'The window did not answer in time.' }));
      const settle = (reply: SteerReply): void => {
        cancel();
        waiting.delete(id);
        resolve(reply);
      };
      const one: Waiting = { command: read.output, asked: false, settle };
      waiting.set(id, one);
      if (ready) send(id, one);
    });
  };

  return {
    async listen() {
      server = await listenLines({
        path: phonePath(folder),
        session: () => ({
          who: 'The phone',
          isWatching: false,
          knows: (method) => method === 'phone.do',
          perform: async (_method, params) => perform(params),
          close: () => undefined,
        }),
        onFault: (error) => console.error(`A script could not be answered: ${String(error)}`),
      });
    },
    pageReady() {
      ready = true;
      for (const [id, one] of [...waiting]) {
        if (one.asked) one.settle({ ok: false, reason: 'The window was loaded again before it answered.' });
        else send(id, one);
      }
    },
    reply: ({ id, reply }) => waiting.get(id)?.settle(reply),
    async close() {
      for (const one of [...waiting.values()]) one.settle({ ok: false, reason: 'Tandem is being closed.' });
      await server?.close();
    },
  };
}
