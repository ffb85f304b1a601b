/** A listing of the exchange in each of its states: being read, failed, empty, nothing found, and the rows. */

import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { type LucideIcon, RefreshCw } from 'lucide-react';
import { type ReactNode, useCallback } from 'react';
import { said } from '../../../words/said.ts';
import type { ListName } from '../../store/office-admin.ts';
import type { ListSpec } from '../../store/office-list.ts';
import type { ListItem } from '../../store/office-types.ts';
import type { ShownList } from '../../store/use-office.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';

export interface ListPaneProps<M extends ListName> {
  readonly label: string;
  readonly list: ShownList<M>;
  readonly spec: ListSpec<M>;
  readonly rowHeight?: number;
  /** It scrolls with the page, instead of in a frame of its own: for lists with much above them. */
  readonly withPage?: boolean;
  /** What stands there where nothing is listed, and no filter is to blame. */
  readonly empty: { readonly icon: LucideIcon; readonly title: string; readonly children: ReactNode };
  /** Said where a filter leaves nothing; undefined while nothing is filtered. */
  readonly nothing: string | undefined;
  row(item: ListItem<M>): ReactNode;
}

/** So many rows before the end the next page is asked for. */
const AHEAD = 20;

export function ListPane<M extends ListName>(props: ListPaneProps<M>) {
  const { label, list, spec, rowHeight = 56, withPage = false, empty, nothing, row } = props;
  const { state, items, hasMore, more } = list;
  const count = items.length;
  const shown = useCallback(
    (_first: number, last: number) => {
      if (hasMore && last >= count - AHEAD) more();
    },
    [hasMore, count, more],
  );
  return (
    <section
      className="list-pane"
      data-with-page={withPage ? '' : undefined}
      aria-label={label}
      aria-busy={state === 'loading'}
    >
      {state === 'failed' ? (
        <Banner
          kind="danger"
          actions={
            <Button icon={RefreshCw} onClick={() => list.again()}>
              {t`Try again`}
            </Button>
          }
        >
          <Trans>This could not be read. {said(list.reason)}</Trans>
        </Banner>
      ) : null}
      {state === 'loading' && items.length === 0 ? <LoadingRows /> : null}
      {items.length > 0 ? (
        <VirtualList
          // What else is looked for begins at its top.
          key={list.asked}
          {...{ label, rowHeight, hasMore, row }}
          framed={!withPage}
          count={items.length}
          itemAt={(place) => items[place]}
          keyOf={spec.keyOf}
          onShown={shown}
        />
      ) : null}
      {state === 'ready' && items.length === 0 && hasMore ? (
        <Button onClick={() => list.more()}>{t`Look further back`}</Button>
      ) : null}
      {state === 'ready' && items.length === 0 && !hasMore ? (
        nothing === undefined ? (
          <EmptyState icon={empty.icon} title={empty.title}>
            {empty.children}
          </EmptyState>
        ) : (
          <p className="note list-nothing">{nothing}</p>
        )
      ) : null}
    </section>
  );
}

function LoadingRows() {
  return (
    <ul className="user-list" aria-label={t`Loading`}>
      {[1, 2, 3].map((row) => (
        <li key={row} className="user-row user-row-loading" />
      ))}
    </ul>
  );
}
