/** Does in the window what the computer asks of the phone: by links, which call nobody, and by keys. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { KeyDeed } from '../../shared/computer.ts';
import type { Client } from '../../shared/schema.ts';
import type { JoiningStore } from './joining-store.ts';
import { isLive } from './line.ts';
import type { PhoneStore } from './phone-store.ts';
import { cleaned } from './typed-number.ts';
import type { ViewStore } from './view-store.ts';

export interface ComputerFollowers {
  readonly bridge: Pick<Client<BridgeSchema>, 'computer'>;
  readonly phone: PhoneStore;
  readonly joining: JoiningStore;
  readonly view: ViewStore;
}

/** Gives back the function that ends it. */
export function followComputer({ bridge, phone, joining, view }: ComputerFollowers): () => void {
  const releases = [
    bridge.computer.dial((wish) => {
      // What the person had typed stays where nothing takes its place.
      if ('join' in wish) joining.setState({ offered: wish.join });
      else if ('reason' in wish) phone.setState({ dialProblem: wish.reason });
      else phone.getState().setDialled('text' in wish ? wish.text : cleaned(wish.selected));
      view.getState().dial();
    }),
    bridge.computer.key((deed) => doDeed(phone, deed)),
  ];
  return () => {
    for (const release of releases) release();
  };
}

export type CallDeed = Exclude<KeyDeed, 'callSelected'>;

/** Where there is no call that it fits, nothing happens. */
export function doDeed(phone: PhoneStore, deed: CallDeed): void {
  const { calls, answer, decline, hangUp, setMuted } = phone.getState();
  const live = calls.filter(isLive);
  const ringing = live.find(({ state }) => state === 'incoming');
  const talking = live.filter(({ state }) => state !== 'incoming');
  const heard = talking.find(({ held }) => !held);
  switch (deed) {
    case 'answer':
      if (ringing) answer(ringing.id);
      return;
    case 'hangUp': {
      // Somebody who knocks is not what a person wants to end who talks.
      const ended = heard ?? (ringing === undefined ? talking[0] : undefined);
      if (ended) hangUp(ended.id);
      else if (ringing) decline(ringing.id);
      return;
    }
    case 'mute':
      if (heard?.answeredAt !== undefined) setMuted(heard.id, !heard.muted);
  }
}
