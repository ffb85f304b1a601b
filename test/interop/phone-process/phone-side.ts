/**
 * A phone of ours in a process of its own, as the tests of networks need it: the softphone, its phone service, the watch
 * over the network, and a window that sends and hears sound. Steered by lines of JSON.
 */
import { networkInterfaces } from 'node:os';
import { createInterface } from 'node:readline';
import { watchNetwork } from '../../../app/main/network-watch.ts';
import { every } from '../../../app/main/timers.ts';
import type { AccountState, CallSnapshot } from '../../../app/renderer/softphone/snapshots.ts';
import type { Account } from '../../../app/shared/bridge.ts';
import type { CallSettings } from '../../../app/shared/call-settings.ts';
import { NodePhone } from '../../support/node-phone.ts';
import { soundingWindow } from '../../support/sounding-window.ts';
import type { WindowEnd } from '../../unit/proxy-core/media/window-end.ts';

export type Order =
  | { readonly start: Account; readonly password: string }
  /** How calls are made and taken from now on, and the password of the TURN server. */
  | { readonly use: Partial<CallSettings>; readonly relayPassword: string }
  | { readonly call: string }
  | { readonly answer: true }
  | { readonly hangUp: true };
export interface Report {
  readonly registration: AccountState['state'] | undefined;
  /** Answers to its registrations so far. */
  readonly registrations: number;
  readonly calls: readonly (Pick<CallSnapshot, 'id' | 'state' | 'reconnecting' | 'notice'> & {
    /** Kinds of the two ends of the way that ICE found, such as `host srflx`. */
    readonly way?: string;
  })[];
  /** Whether a call was seen to be broken, so far. */
  readonly wasBroken: boolean;
  /** Why the last call did not even begin. */
  readonly refused?: string;
  /** Packets of sound that came to the window so far. */
  readonly heard: number;
}

const windows: WindowEnd[] = [];
let phone: NodePhone | undefined;
let refused: string | undefined;

const sound = soundingWindow(windows);

function wayOf(quality: CallSnapshot['quality']): { readonly way?: string } {
  const pair = quality?.ice?.pairs.find(({ nominated, component }) => nominated && component === 1);
  return pair === undefined ? {} : { way: `${pair.local.type} ${pair.remote.type}` };
}

function start(account: Account, password: string): void {
  const made = new NodePhone([account], { [account.id]: password }, sound);
  phone = made;
  watchNetwork({
    interfaces: networkInterfaces,
    onResume: () => () => {},
    every,
    changed: () => made.softphone.networkChanged(),
  });
  let wasBroken = false;
  // It may be over sooner than the next report comes.
  setInterval(() => {
    wasBroken ||= made.calls.some(({ reconnecting }) => reconnecting !== undefined);
  }, 2);
  setInterval(() => {
    const report: Report = {
      registration: made.accounts[0]?.registration.state,
      registrations: made.heard.filter((message) => /^SIP\/2\.0 200[\s\S]*^CSeq: \d+ REGISTER/m.test(message)).length,
      calls: made.calls.map(({ id, state, reconnecting, notice, quality }) => ({
        id,
        state,
        ...wayOf(quality),
        ...(reconnecting === undefined ? {} : { reconnecting }),
        ...(notice === undefined ? {} : { notice }),
      })),
      wasBroken,
      ...(refused === undefined ? {} : { refused }),
      heard: windows.reduce((sum, { received }) => sum + received.length, 0),
    };
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }, 100);
}

createInterface(process.stdin)
  .on('line', (line) => {
    const order: Order = JSON.parse(line);
    if ('start' in order) start(order.start, order.password);
    else if ('use' in order) {
      const [account] = phone?.accounts ?? [];
      if (!phone || !account) return;
      phone.relayPasswords = { [account.id]: order.relayPassword };
      phone.reconfigure({ calls: order.use });
    } else if ('call' in order) {
      const made = phone?.softphone.call(order.call);
      refused = made?.ok === false ? made.reason : undefined;
    } else if ('answer' in order)
      phone?.softphone.answer(phone.calls.find(({ state }) => state === 'incoming')?.id ?? '');
    else for (const { id, state } of phone?.calls ?? []) if (state !== 'ended') phone?.softphone.hangUp(id);
  })
  .on('close', () => process.exit());
