/** What has just gone wrong, said at once by screen readers; nothing while all is well. */
import { said } from '../../words/said.ts';
import { Banner } from './banner.tsx';

export function Problem({ children }: { children: string | undefined }) {
  if (!children) return null;
  return (
    <Banner kind="danger" urgent>
      {said(children)}
    </Banner>
  );
}
