/**
 * A call as its messages: first a sentence on what went wrong, then the diagram, and beside it the message that was chosen.
 * Goes on while the call does.
 */
import { t } from '@lingui/core/macro';
import { ArrowLeft, Eye, Network } from 'lucide-react';
import { useMemo, useState } from 'react';
import { said } from '../../../../words/said.ts';
import { useStores } from '../../../store/context.tsx';
import type { Ladder, LadderMessage, WhyReason } from '../../../store/office-types.ts';
import { useOfficeAnswer } from '../../../store/use-office.ts';
import { Banner } from '../../../ui/banner.tsx';
import { Button, IconButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useIsWide } from '../../../ui/use-is-wide.ts';
import { Diagram } from './diagram.tsx';
import { MessageDetails } from './message-details.tsx';
import { sentenceOf } from './row-words.ts';
import { type LadderRow, rowsOf } from './rows.ts';
import { SaveMenu } from './save-menu.tsx';

/** How often a call is looked at again; each look searches the messages of the last minutes. */
const LOOK_EVERY_MS = 2_000;
/** px of the window from which on the message stands beside the diagram. */
const WIDE = 1_100;
/** A call that fails is told in this key's stead by another. */
const FINE = 'call.fine';

export function LadderPage({ callId }: { readonly callId: string }) {
  const { office } = useStores();
  const ladder = useOfficeAnswer('trace.ladder', { callId }, LOOK_EVERY_MS);
  const shown = useOfficeAnswer('trace.show', { callId }, LOOK_EVERY_MS);
  const why = useOfficeAnswer('why', { callId });
  const reasons = why.state === 'ready' ? why.value.reasons : [];
  const messages = shown.state === 'ready' ? shown.value : [];
  return (
    <div className="ladder-page">
      <header className="ladder-head">
        <IconButton icon={ArrowLeft} label={t`All calls`} onClick={() => office.getState().open({ page: 'calls' })} />
        <h1>{t`Messages of the call`}</h1>
        {ladder.state === 'ready' && ladder.value.arrows.length > 0 ? (
          <SaveMenu callId={callId} ladder={ladder.value} messages={messages} />
        ) : null}
      </header>
      <Reasons reasons={reasons} />
      <Problem>{ladder.state === 'failed' ? ladder.reason : undefined}</Problem>
      {ladder.state === 'loading' ? <p className="note">{t`Looking…`}</p> : null}
      {ladder.state !== 'ready' ? null : ladder.value.arrows.length === 0 ? (
        <EmptyState icon={Network} title={t`No messages of this call are kept any more`}>
          <p className="note">{t`The exchange keeps the messages of the last minutes only.`}</p>
        </EmptyState>
      ) : (
        <Opened {...{ callId, messages, reasons }} ladder={ladder.value} />
      )}
    </div>
  );
}

function Reasons({ reasons }: { readonly reasons: readonly WhyReason[] }) {
  if (reasons.length === 0) return null;
  return (
    <div className="ladder-why">
      {reasons.map(({ key, at, callId, text, todo }) => (
        <Banner key={`${key} ${at} ${callId}`} kind={key === FINE ? 'good' : 'warning'}>
          <p className="reason">{said(text)}</p>
          <p className="note">{said(todo)}</p>
        </Banner>
      ))}
    </div>
  );
}

interface OpenedProps {
  readonly callId: string;
  readonly ladder: Ladder;
  readonly messages: readonly LadderMessage[];
  readonly reasons: readonly WhyReason[];
}

function Opened({ callId, ladder, messages, reasons }: OpenedProps) {
  const [chosen, setChosen] = useState<number>();
  const isWide = useIsWide(WIDE);
  const { hops } = ladder;
  const rows = useMemo(() => rowsOf(ladder), [ladder]);
  const marked = useMemo(
    () => new Set(reasons.filter(({ key }) => key !== FINE).flatMap((reason) => reason.messages)),
    [reasons],
  );
  const row = rows.find(({ arrow }) => arrow.id === chosen);
  const message = messages.find(({ id }) => id === chosen);
  const details = row && message ? <Details key={message.id} {...{ callId, row, message, hops }} /> : null;
  return (
    <div className="ladder-parts" data-beside={isWide ? '' : undefined}>
      <Diagram {...{ hops, rows, marked, chosen }} onChoose={setChosen} />
      {isWide ? (
        <aside className="ladder-aside" aria-label={t`The chosen message`}>
          {details ?? <p className="note">{t`Choose a message to read it.`}</p>}
        </aside>
      ) : null}
      {!isWide && details !== null && message ? (
        <Dialog title={message.label} onClose={() => setChosen(undefined)}>
          {details}
        </Dialog>
      ) : null}
    </div>
  );
}

interface DetailsProps {
  readonly callId: string;
  readonly row: LadderRow;
  readonly message: LadderMessage;
  readonly hops: Ladder['hops'];
}

/** What was written and typed is nobody's business, and shown only to whoever asks for it. */
const HAS_SECRETS = /^(MESSAGE|INFO)\b/;

function Details({ callId, row, message, hops }: DetailsProps) {
  const [isWhole, setWhole] = useState(false);
  const sentence = sentenceOf(row, hops);
  if (isWhole) return <WholeMessage {...{ callId, message, sentence }} />;
  return (
    <>
      <MessageDetails {...{ message, sentence }} />
      {HAS_SECRETS.test(message.label) ? (
        <Button icon={Eye} onClick={() => setWhole(true)}>
          {t`Show what was written`}
        </Button>
      ) : null}
    </>
  );
}

function WholeMessage({ callId, message, sentence }: Pick<DetailsProps, 'callId' | 'message'> & { sentence: string }) {
  const shown = useOfficeAnswer('trace.show', { callId, bodies: true });
  if (shown.state === 'loading') return <p className="note">{t`Looking…`}</p>;
  if (shown.state === 'failed') return <Problem>{shown.reason}</Problem>;
  return <MessageDetails message={shown.value.find(({ id }) => id === message.id) ?? message} sentence={sentence} />;
}
