/** For when something does not work: why, from which phones, forwarded where, by which messages, what waits, and all figures. */
import { t } from '@lingui/core/macro';
import { type JSX, useState } from 'react';
import { PageParts } from '../page-parts.tsx';
import { AskWhy } from './ask-why.tsx';
import { Figures } from './figures.tsx';
import { Forwards } from './forwards.tsx';
import { Phones } from './phones.tsx';
import { Traffic } from './traffic.tsx';
import { Waiting } from './waiting.tsx';

type Part = 'why' | 'phones' | 'forwards' | 'traffic' | 'waiting' | 'figures';

const shows: Readonly<Record<Part, () => JSX.Element>> = {
  why: AskWhy,
  phones: Phones,
  forwards: Forwards,
  traffic: Traffic,
  waiting: Waiting,
  figures: Figures,
};

export function DiagnosisPage() {
  const [part, setPart] = useState<Part>('why');
  const Content = shows[part];
  return (
    <>
      <header className="users-head">
        <h1>{t`Diagnosis`}</h1>
        <PageParts<Part>
          label={t`What to look at`}
          parts={[
            ['why', t`Why`],
            ['phones', t`Phones`],
            ['forwards', t`Forwards`],
            ['traffic', t`Traffic`],
            ['waiting', t`Waiting`],
            ['figures', t`Figures`],
          ]}
          shown={part}
          onShow={setPart}
        />
      </header>
      <Content key={part} />
    </>
  );
}
