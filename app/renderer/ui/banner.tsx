/** A sentence that the person should see, with what can be done about it. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';

const ICONS = { info: Info, good: CircleCheck, warning: TriangleAlert, danger: CircleAlert };

export interface BannerProps {
  readonly kind: keyof typeof ICONS;
  readonly children: ReactNode;
  /** Buttons, below the words. */
  readonly actions?: ReactNode;
  /** Said at once by screen readers: for what has just gone wrong. */
  readonly urgent?: boolean;
}

export function Banner({ kind, children, actions, urgent = false }: BannerProps) {
  const Icon = ICONS[kind];
  return (
    <div className={`banner banner-${kind}`} role={urgent ? 'alert' : undefined}>
      <Icon aria-hidden="true" className="banner-icon" />
      <div className="banner-body">
        <div className="banner-words">{children}</div>
        {actions ? <div className="banner-actions">{actions}</div> : null}
      </div>
    </div>
  );
}
