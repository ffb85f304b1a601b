/** A network in one process: agents with addresses, a delay, lost packets and NATs, under a fake clock. */
import { IceAgent } from '../../../../../proxy-core/media/ice/agent.ts';
import {
  type Component,
  candidatePriority,
  freshCredentials,
  type Path,
} from '../../../../../proxy-core/media/ice/candidate.ts';
import type { Endpoint, IceCandidate, RemoteIce } from '../../../../../proxy-core/sip/sdp/index.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';

const key = ({ address, port }: Endpoint): string => `${address}:${port}`;

export class SmallNet {
  readonly clock = new FakeClock();
  readonly #hosts = new Map<string, (data: Buffer, from: Endpoint) => void>();
  readonly sent: { readonly from: Endpoint; readonly to: Endpoint; readonly data: Buffer }[] = [];
  /** What is lost. */
  drops: (from: Endpoint, to: Endpoint, data: Buffer) => boolean = () => false;
  #seed = 1;

  readonly random = (below: number): number => {
    this.#seed = (this.#seed * 48_271) % 0x7fff_ffff;
    return Math.floor((this.#seed / 0x7fff_ffff) * below);
  };

  listen(at: Endpoint, take: (data: Buffer, from: Endpoint) => void): void {
    this.#hosts.set(key(at), take);
  }

  unplug(at: Endpoint): void {
    this.#hosts.delete(key(at));
  }

  send(from: Endpoint, to: Endpoint, data: Buffer): void {
    this.sent.push({ from, to, data });
    if (this.drops(from, to, data)) return;
    this.clock.after(10, () => this.#hosts.get(key(to))?.(data, from));
  }

  /** A NAT that lets in only who was sent to, at a port of its own for each when symmetric. */
  nat(
    address: string,
    isSymmetric: boolean,
  ): (inside: Endpoint, take: (data: Buffer, from: Endpoint) => void) => Path['send'] {
    const doors = new Map<string, { readonly outside: Endpoint; readonly friends: Set<string> }>();
    let port = 40_000;
    return (inside, take) => (data, to) => {
      const name = isSymmetric ? `${key(inside)} ${key(to)}` : key(inside);
      let door = doors.get(name);
      if (!door) {
        const made = { outside: { address, port: port++ }, friends: new Set<string>() };
        this.listen(made.outside, (answer, from) => {
          if (made.friends.has(key(from))) take(answer, from);
        });
        doors.set(name, made);
        door = made;
      }
      door.friends.add(key(to));
      this.send(door.outside, to, data);
    };
  }
}

export interface SideOptions {
  readonly address: string;
  readonly isControlling: boolean;
  readonly port?: number;
  readonly components?: readonly Component[];
  readonly through?: ReturnType<SmallNet['nat']>;
  readonly mayReach?: (endpoint: Endpoint) => boolean;
  readonly isGathering?: () => boolean;
}

/** An agent with host candidates. */
export class Side {
  readonly agent: IceAgent;
  readonly paths: Path[] = [];
  readonly #components: readonly Component[];

  constructor(net: SmallNet, options: SideOptions) {
    const { address, isControlling, port = 5000, components = [1], through, mayReach = () => true } = options;
    const { isGathering = () => false } = options;
    this.#components = components;
    const { clock, random } = net;
    const credentials = freshCredentials(random);
    this.agent = new IceAgent({ clock, random, isControlling, credentials, mayReach, isGathering });
    for (const component of components) this.#add(net, { address, port: port + component - 1 }, component, through);
  }

  /** A further address, found late. */
  addHost(net: SmallNet, at: Endpoint, component: Component = 1): void {
    this.#add(net, at, component, undefined);
  }

  get ice(): RemoteIce {
    const { credentials, locals } = this.agent;
    return { ...credentials, isLite: false, candidates: locals.filter(({ type }) => type !== 'prflx') };
  }

  hears(ice: RemoteIce): void {
    this.agent.setRemote(ice, this.#components);
  }

  get target(): Endpoint | undefined {
    const remote = this.agent.way(1)?.remote;
    return remote && { address: remote.address, port: remote.port };
  }

  #add(net: SmallNet, at: Endpoint, component: Component, through: ReturnType<SmallNet['nat']> | undefined): void {
    const take = (data: Buffer, from: Endpoint): void => void this.agent.received(path, data, from);
    const send = through?.(at, take) ?? ((data: Buffer, to: Endpoint) => net.send(at, to, data));
    const path: Path = { component, type: 'host', send };
    if (!through) net.listen(at, take);
    this.paths.push(path);
    const priority = candidatePriority('host', component) - this.paths.length;
    this.agent.addLocal({
      type: 'host',
      component,
      priority,
      foundation: `h${at.address.replace(/\W/g, '')}`,
      ...at,
      path,
    });
  }
}

export const candidate = (address: string, port: number, rest: Partial<IceCandidate> = {}): IceCandidate => ({
  foundation: `c${address.replace(/\W/g, '')}`,
  component: 1,
  priority: candidatePriority('host', 1),
  type: 'host',
  address,
  port,
  ...rest,
});
