/** Joins what the person chose for this computer to the parts of the system that do it. */
import * as v from 'valibot';
import type { BridgeSchema } from '../../shared/bridge.ts';
import type { ComputerState, Look } from '../../shared/computer.ts';
import type { Emitters, Handlers } from '../../shared/schema.ts';
import type { ComputerStore } from './computer-store.ts';
import type { LoginStart } from './login-start.ts';

export interface Computer {
  readonly requests: Handlers<BridgeSchema>['computer'];
}

export interface ComputerPorts {
  readonly store: ComputerStore;
  readonly loginStart: LoginStart;
  /** The boxes and menus of the system follow it too. */
  readonly wear: (look: Look) => void;
  readonly tell: Emitters<BridgeSchema>['computer'];
}

const onShape = v.object({ on: v.boolean() });

export function createComputer({ store, loginStart, wear, tell }: ComputerPorts): Computer {
  const state = async (): Promise<ComputerState> => ({
    settings: store.settings,
    startsWithSystem: await loginStart.isOn(),
  });
  return {
    requests: {
      get: state,
      async set(args) {
        const outcome = await store.set(args);
        wear(store.settings.look);
        tell.changed(await state());
        return outcome;
      },
      async startWithSystem(args) {
        const outcome = await loginStart.set(v.parse(onShape, args).on);
        tell.changed(await state());
        return outcome;
      },
    },
  };
}
