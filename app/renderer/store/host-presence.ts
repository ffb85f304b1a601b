/** Everybody of the office that this computer hosts, and how each is, as its exchange tells whoever runs it. */
import type { WatchEvent } from '../../shared/office-admin.ts';
import type { Clock, Timer } from './clock.ts';
import type { OfficeAdmin, OfficeWatch } from './office-admin.ts';
import type { OfficeStore } from './office-store.ts';
import type { ListItem } from './office-types.ts';
import type { OfficeSnapshot } from './types.ts';

type Lamp = ListItem<'presence.list'>;
/** By domain. */
export type HostedOffice = readonly Omit<OfficeSnapshot, 'accountId'>[];

export interface HostPorts {
  readonly admin: OfficeAdmin;
  readonly office: Pick<OfficeStore, 'getState' | 'subscribe'>;
  readonly clock: Clock;
}

const MOST = 20_000;
const PAGE = 1_000;
/** What changes within it is told together. */
const GATHER_MS = 500;
const AGAIN_MS = 5_000;

/** @param take told of all of it; undefined while no office runs here. Gives a function that ends it. */
export function followHosted({ admin, office, clock }: HostPorts, take: (hosted?: HostedOffice) => void): () => void {
  /** Counts beginnings: what was asked before the last one no longer counts. */
  let turn = 0;
  let watch: OfficeWatch<Lamp> | undefined;
  let timer: Timer | undefined;
  let told: HostedOffice = [];

  const tell = (lamps: ReadonlyMap<string, Lamp>): void => {
    told = officesOf(lamps, told);
    take(told);
  };

  async function readAll(mine: number): Promise<Map<string, Lamp> | undefined> {
    const lamps = new Map<string, Lamp>();
    let after: string | undefined;
    do {
      const page = await admin.ask('presence.list', { limit: PAGE, ...(after === undefined ? {} : { after }) });
      if (mine !== turn || !page.ok) return undefined;
      for (const one of page.value.items) lamps.set(keyOf(one), one);
      after = page.value.next;
    } while (after !== undefined && lamps.size < MOST);
    return lamps;
  }

  async function begin(): Promise<void> {
    end();
    const mine = turn;
    // Watched first, so that nothing that changes while it is read is missed.
    const opened = await admin.watch('presence.list', {});
    if (mine !== turn) {
      if (opened.ok) opened.value.close();
      return;
    }
    if (opened.ok) watch = opened.value;
    if (watch !== undefined && (await follow(mine, watch))) return;
    if (mine === turn) timer = clock.after(AGAIN_MS, () => void begin());
  }

  /** Gives false where it ended by itself. */
  async function follow(mine: number, from: OfficeWatch<Lamp>): Promise<boolean> {
    let lamps = await readAll(mine);
    for (;;) {
      if (mine !== turn) return true;
      if (lamps === undefined) return false;
      tell(lamps);
      await new Promise<void>((done) => {
        timer = clock.after(GATHER_MS, done);
      });
      const events = await from.next();
      if (mine !== turn) return true;
      if (!events.ok || events.value.length === 0) return false;
      if (events.value.some(({ event }) => event === 'resync')) lamps = await readAll(mine);
      else change(lamps, events.value);
    }
  }

  function end(): void {
    turn += 1;
    timer?.cancel();
    watch?.close();
    watch = undefined;
  }

  const isOn = (): boolean => office.getState().office?.state === 'on';
  if (isOn()) void begin();
  const release = office.subscribe((state, before) => {
    if (state.office?.state === before.office?.state) return;
    if (isOn()) void begin();
    else {
      end();
      told = [];
      take(undefined);
    }
  });
  return () => {
    release();
    end();
  };
}

function change(lamps: Map<string, Lamp>, events: readonly WatchEvent<Lamp>[]): void {
  for (const event of events) {
    if (event.event === 'removed') lamps.delete(event.key);
    else if ('item' in event) lamps.set(event.key, event.item);
  }
}

const keyOf = ({ number, domain }: Lamp): string => `${number}@${domain}`;

/** By domains; lists of people who are the same as before are the same lists. */
function officesOf(lamps: ReadonlyMap<string, Lamp>, before: HostedOffice): HostedOffice {
  const domains = new Map<string, Lamp[]>();
  for (const one of lamps.values()) {
    const domain = domains.get(one.domain);
    if (domain === undefined) domains.set(one.domain, [one]);
    else domain.push(one);
  }
  return [...domains].map(([domain, all]) => {
    const known = before.find((one) => one.domain === domain)?.people ?? [];
    const isSame =
      known.length === all.length &&
      all.every(({ number, name }, at) => known[at]?.number === number && known[at].name === name);
    return {
      domain,
      people: isSame ? known : all.map(({ number, name }) => ({ number, name })),
      lamps: new Map(all.map(({ number, state }) => [number, state])),
    };
  });
}
