/** While a call is dragged: people to drop it on. */
import { t } from '@lingui/core/macro';
import { useMemo } from 'react';
import type { Place } from '../../store/places.ts';
import { classes } from '../../ui/classes.ts';
import { useDrag } from './drag-calls.tsx';
import { PlaceFace } from './place-field.tsx';

export function DropShelf({ find }: { readonly find: (typed: string) => readonly Place[] }) {
  const { callId, over } = useDrag();
  const places = useMemo(() => find(''), [find]);
  if (callId === undefined || places.length === 0) return null;
  return (
    <section className="drop-shelf" aria-label={t`Transfer to`}>
      <p className="note">{t`Transfer to`}</p>
      {places.map((place) => {
        const drop = `place:${place.key}`;
        return (
          <div key={place.key} className={classes('place', over === drop && 'dropping')} data-drop={drop}>
            <PlaceFace place={place} />
            <span className="place-name" dir="auto">
              {place.name}
            </span>
          </div>
        );
      })}
    </section>
  );
}
