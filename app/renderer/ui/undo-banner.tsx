/** Says what was just done, with the way back. */
import { t } from '@lingui/core/macro';
import { Banner } from './banner.tsx';
import { Button } from './button.tsx';

export interface UndoBannerProps {
  readonly words: string;
  onUndo(): void;
  /** It is to stay. */
  onClose(): void;
}

export function UndoBanner({ words, onUndo, onClose }: UndoBannerProps) {
  return (
    <Banner
      kind="good"
      actions={
        <>
          <Button onClick={onUndo}>{t`Undo`}</Button>
          <Button kind="quiet" onClick={onClose}>
            {t`Close`}
          </Button>
        </>
      }
    >
      <span role="status" aria-label={t`Done`}>
        {words}
      </span>
    </Banner>
  );
}
