/** What an agent knows, as a picture for people: each candidate's and each pair's fate. */
import type { IceCandidate } from '../../sip/sdp/index.ts';
import type { Pair, PairState } from './pair.ts';

/** `lost`: it was connected, and the peer fell silent. */
export type IceState = 'waiting' | 'checking' | 'connected' | 'failed' | 'lost';

export interface CandidateSnapshot {
  readonly component: 1 | 2;
  readonly type: IceCandidate['type'];
  readonly address: string;
  readonly port: number;
}

export interface PairSnapshot {
  readonly component: 1 | 2;
  readonly local: CandidateSnapshot;
  readonly remote: CandidateSnapshot;
  readonly state: PairState;
  readonly nominated: boolean;
  /** Why it failed or was left alone; empty else. */
  readonly reason: string;
}

export interface IceSnapshot {
  readonly state: IceState;
  readonly isControlling: boolean;
  readonly local: readonly CandidateSnapshot[];
  readonly remote: readonly CandidateSnapshot[];
  /** Best first. */
  readonly pairs: readonly PairSnapshot[];
}

interface Known {
  readonly state: IceState;
  readonly isControlling: boolean;
  readonly locals: readonly IceCandidate[];
  readonly remotes: readonly IceCandidate[];
  readonly pairs: readonly Pair[];
}

export const snapshotOf = ({ state, isControlling, locals, remotes, pairs }: Known): IceSnapshot => ({
  state,
  isControlling,
  local: locals.map(candidate),
  remote: remotes.map(candidate),
  pairs: pairs.map((pair) => ({
    component: pair.component,
    local: candidate(pair.local),
    remote: candidate(pair.remote),
    state: pair.state,
    nominated: pair.nominated,
    reason: pair.reason,
  })),
});

const candidate = ({ component, type, address, port }: IceCandidate): CandidateSnapshot => ({
  component,
  type,
  address,
  port,
});
