/** What the search among the settings found: each by its name and the place where it stands. */
import { plural, t } from '@lingui/core/macro';
import type { KeyboardEvent } from 'react';
import type { Found } from './find.ts';

export interface FoundListProps {
  /** What is looked for. */
  readonly wanted: string;
  readonly found: readonly Found[];
  onOpen(found: Found): void;
}

export function FoundList({ wanted, found, onOpen }: FoundListProps) {
  return (
    <>
      <p className="note" role="status" aria-label={t`Found`}>
        {found.length === 0
          ? t`No setting matches “${wanted}”.`
          : plural(found.length, { one: '# setting', other: '# settings' })}
      </p>
      <ul className="settings-found" aria-label={t`Settings that were found`}>
        {found.map((one) => (
          <li key={`${one.panel.id} ${one.control ?? ''}`}>
            <button type="button" className="settings-result" onClick={() => onOpen(one)} onKeyDown={walk}>
              <span className="settings-result-name">{one.control ?? one.panel.name}</span>
              <span className="note">
                {one.control === undefined ? one.section.name : `${one.section.name} › ${one.panel.name}`}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The arrows lead from one to the next. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const item = event.currentTarget.parentElement;
  const next = { ArrowDown: item?.nextElementSibling, ArrowUp: item?.previousElementSibling }[event.key];
  if (!next) return;
  event.preventDefault();
  next.querySelector('button')?.focus();
}
