/** Whom the field may mean, under it: name, number, and how he is where that is known. */
import { t } from '@lingui/core/macro';
import { Phone } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useColleagues, usePhone, useStores } from '../../store/context.tsx';
import type { DialLamp as Lamp } from '../../store/dial-book.ts';
import type { DialOption } from '../../store/dial-options.ts';
import { kindWords } from '../../store/words.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { DialLamp } from './dial-lamp.tsx';

export interface DialOptionsProps {
  /** Each option has this with its place behind it. */
  readonly id: string;
  readonly options: readonly DialOption[];
  /** -1 for none. */
  readonly active: number;
  onHover(place: number): void;
  onCall(option: DialOption): void;
}

export function DialOptions({ id, options, active, onHover, onCall }: DialOptionsProps) {
  const { book } = useStores();
  // Lamps change while they are looked at.
  usePhone((state) => state.people);
  useColleagues((state) => state.lamps);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' }), [active]);
  return (
    <div ref={list} id={`${id}-options`} className="dial-options" role="listbox" aria-label={t`Whom to call`}>
      {options.map((option, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the keyboard
        <div
          key={`${option.person} ${option.number} ${option.isTyped}`}
          id={`${id}-${place}`}
          className="dial-option"
          role="option"
          tabIndex={-1}
          aria-selected={place === active}
          // The field keeps the keyboard.
          onMouseDown={(event) => event.preventDefault()}
          onMouseMove={() => onHover(place)}
          onClick={() => onCall(option)}
        >
          <Option option={option} lamp={book.lampOf(option.number)} />
        </div>
      ))}
    </div>
  );
}

function Option({ option, lamp }: { readonly option: DialOption; readonly lamp: Lamp | undefined }) {
  const { name, detail, number, kind, isTyped } = option;
  const beside = [detail, kind === undefined ? '' : kindWords(kind)].filter(Boolean).join(' · ');
  return (
    <>
      {isTyped && name === '' ? (
        <span className="avatar avatar-small" aria-hidden="true">
          <Phone />
        </span>
      ) : (
        <Avatar name={name} size="small" />
      )}
      <span className="dial-option-words">
        <span className="dial-option-name" dir="auto" title={name || number}>
          {name || number}
        </span>
        {name === '' && beside === '' ? null : (
          <span className="dial-option-number" title={[name && number, beside].filter(Boolean).join(' · ')}>
            {name === '' ? null : <bdi dir="ltr">{number}</bdi>}
            {name === '' || beside === '' ? null : ' · '}
            <bdi>{beside}</bdi>
          </span>
        )}
      </span>
      {lamp ? <DialLamp lamp={lamp} /> : null}
    </>
  );
}
