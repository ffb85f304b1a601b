/** Who is kept out, who was refused, and who is trusted. */
import { t } from '@lingui/core/macro';
import { type JSX, useState } from 'react';
import { useOffice } from '../../../store/context.tsx';
import type { SecurityPart } from '../../../store/office-pages.ts';
import { Button } from '../../../ui/button.tsx';
import { BanList } from './ban-list.tsx';
import { NetworkList } from './network-list.tsx';
import { RefusalList } from './refusal-list.tsx';

const parts = (): readonly (readonly [part: SecurityPart, name: string, show: () => JSX.Element])[] => [
  ['bans', t`Banned`, BanList],
  ['refused', t`Refused`, RefusalList],
  ['trusted', t`Trusted`, NetworkList],
];

export function SecurityPage() {
  const first = useOffice(({ place }) => (place.page === 'security' ? place.part : undefined));
  const [part, setPart] = useState<SecurityPart>(first ?? 'bans');
  const List = parts().find(([one]) => one === part)?.[2] ?? BanList;
  return (
    <>
      <header className="users-head">
        <h1>{t`Security`}</h1>
        <fieldset className="choice" aria-label={t`Which addresses`}>
          {parts().map(([one, name]) => (
            <Button key={one} aria-pressed={part === one} onClick={() => setPart(one)}>
              {name}
            </Button>
          ))}
        </fieldset>
      </header>
      <List key={part} />
    </>
  );
}
