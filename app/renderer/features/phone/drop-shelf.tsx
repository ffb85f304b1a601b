/** While a call is dragged: people to drop it on, and this person's other devices. */
import { t } from '@lingui/core/macro';
import { MonitorUp } from 'lucide-react';
import { useMemo } from 'react';
import { usePhone } from '../../store/context.tsx';
import type { Place } from '../../store/places.ts';
import { useDevices } from '../../store/use-devices.ts';
import { classes } from '../../ui/classes.ts';
import { useDrag } from './drag-calls.tsx';
import { PlaceFace } from './place-field.tsx';

export function DropShelf({ find }: { readonly find: (typed: string) => readonly Place[] }) {
  const { callId, over } = useDrag();
  const places = useMemo(() => find(''), [find]);
  const accountId = usePhone(({ calls }) => calls.find(({ id }) => id === callId)?.accountId);
  const { canMove, devices } = useDevices(accountId);
  const others = canMove ? (devices ?? []) : [];
  if (callId === undefined || places.length + others.length === 0) return null;
  return (
    <section className="drop-shelf" aria-label={t`Move the call`}>
      {others.length > 0 ? <p className="note">{t`Move to`}</p> : null}
      {others.map(({ id, name }) => (
        <div key={id} className={classes('place', over === `device:${id}` && 'dropping')} data-drop={`device:${id}`}>
          <span className="avatar avatar-small" aria-hidden="true">
            <MonitorUp />
          </span>
          <span className="place-name" dir="auto">
            {name}
          </span>
        </div>
      ))}
      {places.length > 0 ? <p className="note">{t`Transfer to`}</p> : null}
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
