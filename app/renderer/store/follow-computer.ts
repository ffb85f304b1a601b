/** Does in the window what the computer asks of the phone: a link puts a number into the field, and calls nobody. */
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { Client } from '../../shared/schema.ts';
import type { PhoneStore } from './phone-store.ts';
import type { ViewStore } from './view-store.ts';

export interface ComputerFollowers {
  readonly bridge: Pick<Client<BridgeSchema>, 'computer'>;
  readonly phone: PhoneStore;
  readonly view: ViewStore;
}

/** Gives back the function that ends it. */
export function followComputer({ bridge, phone, view }: ComputerFollowers): () => void {
  return bridge.computer.dial((wish) => {
    view.getState().dial();
    // What the person had typed stays where a link is refused.
    if ('reason' in wish) phone.setState({ dialProblem: wish.reason });
    else phone.getState().setDialled(wish.text);
  });
}
