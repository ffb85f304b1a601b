/** What the lamps on phones show, the lists that are watched together, who watches whom, and who may. */
import { t } from '@lingui/core/macro';
import { type JSX, useState } from 'react';
import { PageParts } from '../page-parts.tsx';
import { LampRules } from './lamp-rules.tsx';
import { LampsNow } from './lamps-now.tsx';
import { WatchLists } from './watch-lists.tsx';
import { Watchers } from './watchers.tsx';

type Part = 'now' | 'lists' | 'watchers' | 'rules';

const shows: Readonly<Record<Part, () => JSX.Element>> = {
  now: LampsNow,
  lists: WatchLists,
  watchers: Watchers,
  rules: LampRules,
};

export function LampsPage() {
  const [part, setPart] = useState<Part>('now');
  const Content = shows[part];
  return (
    <>
      <header className="users-head">
        <h1>{t`Lamps`}</h1>
        <PageParts<Part>
          label={t`What of the lamps`}
          parts={[
            ['now', t`Now`],
            ['lists', t`Lists`],
            ['watchers', t`Who watches`],
            ['rules', t`Who may`],
          ]}
          shown={part}
          onShow={setPart}
        />
      </header>
      <Content key={part} />
    </>
  );
}
