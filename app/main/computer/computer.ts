/** Joins what the person chose for this computer to the parts of the system that do it. */
import * as v from 'valibot';
import type { BridgeSchema, Outcome } from '../../shared/bridge.ts';
import type { ComputerState, Look } from '../../shared/computer.ts';
import type { Emitters, Handlers } from '../../shared/schema.ts';
import type { ComputerStore } from './computer-store.ts';
import type { GlobalKeys } from './global-keys.ts';
import type { SystemSwitch } from './login-start.ts';

export interface Computer {
  readonly requests: Handlers<BridgeSchema>['computer'];
}

export interface ComputerPorts {
  readonly store: ComputerStore;
  readonly loginStart: SystemSwitch;
  readonly linkHandler: SystemSwitch;
  readonly globalKeys: GlobalKeys;
  readonly keyboard: Pick<ComputerState['keyboard'], 'onWayland' | 'reads'>;
  /** The boxes and menus of the system follow it too. */
  readonly wear: (look: Look) => void;
  readonly tell: Emitters<BridgeSchema>['computer'];
}

const onShape = v.object({ on: v.boolean() });

export function createComputer({
  store,
  loginStart,
  linkHandler,
  globalKeys,
  keyboard,
  wear,
  tell,
}: ComputerPorts): Computer {
  let problems = globalKeys.use(store.settings.keys);
  const state = async (): Promise<ComputerState> => ({
    settings: store.settings,
    startsWithSystem: await loginStart.isOn(),
    opensLinks: await linkHandler.isOn(),
    keyboard: { ...keyboard, problems },
  });
  const turn = async (one: SystemSwitch, args: unknown): Promise<Outcome> => {
    const outcome = await one.set(v.parse(onShape, args).on);
    tell.changed(await state());
    return outcome;
  };
  return {
    requests: {
      get: state,
      async set(args) {
        const before = store.settings.keys;
        const outcome = await store.set(args);
        if (store.settings.keys !== before) problems = globalKeys.use(store.settings.keys);
        wear(store.settings.look);
        tell.changed(await state());
        return outcome;
      },
      startWithSystem: (args) => turn(loginStart, args),
      openLinks: (args) => turn(linkHandler, args),
    },
  };
}
