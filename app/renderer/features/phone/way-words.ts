/** Which way sound takes between the two sides, in a word; each way that was tried, for those who look. */
import { t } from '@lingui/core/macro';
import type { IceView } from '../../store/types.ts';

type PairView = IceView['pairs'][number];

const types = () => ({
  host: t`own`,
  srflx: t`seen from outside`,
  prflx: t`seen by the other side`,
  relay: t`relayed`,
});
const states = () => ({
  frozen: t`not tried yet`,
  waiting: t`not tried yet`,
  'in-progress': t`being tried`,
  succeeded: t`works`,
  failed: t`failed`,
});

export function wayWords({ state, pairs }: IceView): string {
  if (state === 'failed') return t`No way to the other side`;
  if (state === 'lost') return t`Lost the other side`;
  const chosen = pairs.find(({ nominated, component }) => nominated && component === 1);
  if (!chosen) return t`Looking for a way`;
  return [chosen.local, chosen.remote].some(({ type }) => type === 'relay') ? t`Over a relay` : t`Direct`;
}

export function pairWords({ component, local, remote, state, nominated, reason }: PairView): string {
  const [from = '', to = ''] = [local, remote].map(
    ({ address, port, type }) => t`${address} port ${port} (${types()[type]})`,
  );
  const fate = nominated ? t`in use` : reason === '' ? states()[state] : `${states()[state]}: ${reason}`;
  return `${component === 1 ? t`Sound` : t`Reports`}: ${t`${from} to ${to}`}, ${fate}`;
}
