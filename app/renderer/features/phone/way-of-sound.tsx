/** Which way sound takes between the two sides, in a word; each way that was tried, for those who look. */
import type { IceView } from '../../store/types.ts';

type PairView = IceView['pairs'][number];

const TYPES = { host: 'own', srflx: 'seen from outside', prflx: 'seen by the other side', relay: 'relayed' };
const STATES = {
  frozen: 'not tried yet',
  waiting: 'not tried yet',
  'in-progress': 'being tried',
  succeeded: 'works',
  failed: 'failed',
};

export function WayOfSound({ ice }: { ice: IceView }) {
  return <span title={ice.pairs.map(pairWords).join('\n')}>{wayWords(ice)}</span>;
}

export function wayWords({ state, pairs }: IceView): string {
  if (state === 'failed') return 'No way to the other side';
  if (state === 'lost') return 'Lost the other side';
  const chosen = pairs.find(({ nominated, component }) => nominated && component === 1);
  if (!chosen) return 'Looking for a way';
  return [chosen.local, chosen.remote].some(({ type }) => type === 'relay') ? 'Over a relay' : 'Direct';
}

export function pairWords({ component, local, remote, state, nominated, reason }: PairView): string {
  const ends = [local, remote].map(({ address, port, type }) => `${address} port ${port} (${TYPES[type]})`);
  const fate = nominated ? 'in use' : reason === '' ? STATES[state] : `${STATES[state]}: ${reason}`;
  return `${component === 1 ? 'Sound' : 'Reports'}: ${ends.join(' to ')}, ${fate}`;
}
