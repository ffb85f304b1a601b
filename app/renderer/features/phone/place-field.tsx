/** A field for where a call is to go, with the people who match below it: the arrows walk them, Enter or a press takes one. */
import { t } from '@lingui/core/macro';
import { Voicemail } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { useColleagues, usePhone, useStores } from '../../store/context.tsx';
import type { DialLamp as Lamp } from '../../store/dial-book.ts';
import type { Place } from '../../store/places.ts';
import { usePhoto } from '../../store/use-photo.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { DialLamp } from './dial-lamp.tsx';

export interface PlaceFieldProps {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly text: string;
  readonly places: readonly Place[];
  readonly problem: string | undefined;
  onText(text: string): void;
  onTake(place: Place): void;
}

export function PlaceField({ label, hideLabel = false, text, places, problem, onText, onTake }: PlaceFieldProps) {
  const { book } = useStores();
  // Lamps change while they are looked at.
  usePhone((state) => state.people);
  useColleagues((state) => state.lamps);
  const listId = useId();
  const [active, setActive] = useState<string>();
  const at = places.findIndex(({ key }) => key === active);
  const pressed = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const place = places[at];
    if (step !== 0 && places.length > 0) {
      event.preventDefault();
      const next = at < 0 && step < 0 ? places.length - 1 : at + step;
      setActive(places[next]?.key);
    } else if (event.key === 'Enter' && place !== undefined) {
      event.preventDefault();
      onTake(place);
    }
  };
  return (
    <div className="place-field">
      <TextField
        label={label}
        hideLabel={hideLabel}
        placeholder={t`Name or number`}
        dir="auto"
        data-autofocus=""
        role="combobox"
        aria-expanded={places.length > 0}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={at < 0 ? undefined : `${listId}-${at}`}
        value={text}
        error={problem}
        onKeyDown={pressed}
        onChange={({ target }) => {
          setActive(undefined);
          onText(target.value);
        }}
      />
      <div id={listId} role="listbox" aria-label={t`People`} className="places" hidden={places.length === 0}>
        {places.map((place, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keyboard, as in every combobox
          <div
            key={place.key}
            id={`${listId}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="place"
            onClick={() => onTake(place)}
          >
            <PlaceFace place={place} />
            <span className="place-name" dir="auto" title={place.name}>
              {place.name}
            </span>
            {place.detail === place.name ? null : (
              <bdi className="place-detail" dir="ltr">
                {place.detail}
              </bdi>
            )}
            <PlaceLamp lamp={place.isMailbox ? undefined : book.lampOf(place.target)} />
          </div>
        ))}
      </div>
    </div>
  );
}

function PlaceLamp({ lamp }: { readonly lamp: Lamp | undefined }) {
  return lamp ? <DialLamp lamp={lamp} /> : null;
}

/** Decoration beside the name. */
export function PlaceFace({ place: { name, contact, isMailbox } }: { readonly place: Place }) {
  const photo = usePhoto(contact);
  if (!isMailbox) return <Avatar name={name} size="small" photo={photo} />;
  return (
    <span className="avatar avatar-small" aria-hidden="true">
      <Voicemail />
    </span>
  );
}
