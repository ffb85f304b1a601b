/**
 * Everybody of one's offices and how each is: as the exchange on this computer tells, and as those tell where the accounts
 * are signed in. Names are apart from lamps, so that a lamp that changes has nobody filed anew.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { notationOf } from '../../words/language.ts';
import { followHosted, type HostedOffice, type HostPorts } from './host-presence.ts';
import type { PhoneStore } from './phone-store.ts';
import type { OfficeSnapshot, OfficeUser, PersonSnapshot } from './types.ts';

export interface Colleague {
  readonly number: string;
  readonly domain: string;
  /** May be empty. */
  readonly name: string;
  /** The account by which he is called; the first one where it is absent. */
  readonly accountId?: string;
}

export type Lamps = ReadonlyMap<string, PersonSnapshot['state']>;

export interface ColleaguesState {
  /** By number, shorter ones first, as an office counts. */
  readonly people: readonly Colleague[];
  /** By `keyOf`; whoever is not in it is not known. */
  readonly lamps: Lamps;
}

export type Colleagues = StoreApi<ColleaguesState> & { close(): void };

export interface ColleaguesPorts extends HostPorts {
  readonly phone: PhoneStore;
}

const NOBODY: readonly OfficeUser[] = [];

export const keyOf = ({ number, domain }: Pick<Colleague, 'number' | 'domain'>): string => `${number}@${domain}`;

export function createColleagues(ports: ColleaguesPorts): Colleagues {
  const { phone, office } = ports;
  const store = createStore<ColleaguesState>()(() => ({ people: [], lamps: new Map() }));
  let hosted: HostedOffice | undefined;
  let lists: readonly unknown[] = [];
  let lights: readonly unknown[] = [];

  function show(): void {
    const { offices } = phone.getState();
    const { users } = office.getState();
    // What the exchange lists stands in until it has told how they are.
    const listed = hosted === undefined && users.state === 'ready' ? users.list : NOBODY;
    const all: readonly Shown[] = [...offices, ...(hosted ?? [])];
    const nextLists = [listed, ...all.map(({ people }) => people)];
    const nextLights = [listed, ...all.map(({ lamps }) => lamps)];
    if (!isSame(lists, nextLists)) store.setState({ people: peopleOf(all, listed) });
    if (!isSame(lights, nextLights)) store.setState({ lamps: lampsOf(all, listed) });
    lists = nextLists;
    lights = nextLights;
  }

  const releases = [
    followHosted(ports, (next) => {
      hosted = next;
      show();
    }),
    phone.subscribe((state, before) => {
      if (state.offices !== before.offices) show();
    }),
    office.subscribe((state, before) => {
      if (state.users !== before.users) show();
    }),
  ];
  show();
  return Object.assign(store, {
    close() {
      for (const release of releases) release();
    },
  });
}

type Shown = Omit<OfficeSnapshot, 'accountId'> & { readonly accountId?: string };

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean =>
  a.length === b.length && a.every((one, at) => one === b[at]);

function peopleOf(all: readonly Shown[], listed: readonly OfficeUser[]): readonly Colleague[] {
  const found = new Map<string, Colleague>();
  for (const { accountId, domain, people } of all) {
    for (const { number, name } of people) {
      const one = { number, domain, name, ...(accountId === undefined ? {} : { accountId }) };
      if (!found.has(keyOf(one))) found.set(keyOf(one), one);
    }
  }
  for (const { number, domain, name } of listed) {
    const one = { number, domain, name };
    if (!found.has(keyOf(one))) found.set(keyOf(one), one);
  }
  const collator = new Intl.Collator(notationOf(), { numeric: true });
  return [...found.values()].sort(
    (a, b) => collator.compare(a.number, b.number) || collator.compare(a.domain, b.domain),
  );
}

function lampsOf(all: readonly Shown[], listed: readonly OfficeUser[]): Lamps {
  const found = new Map<string, PersonSnapshot['state']>();
  for (const one of listed) if (one.devices === 0) found.set(keyOf(one), 'offline');
  // The exchange of this computer, which comes last, knows best.
  for (const { domain, lamps } of all) {
    for (const [number, state] of lamps) if (state !== 'unknown') found.set(keyOf({ number, domain }), state);
  }
  return found;
}
