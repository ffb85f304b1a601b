/** What the line does, always in sight; on other pages than Phone with the buttons that a call cannot wait for. */
import { t } from '@lingui/core/macro';
import { Phone } from 'lucide-react';
import { usePhone, useStores, useView } from '../../store/context.tsx';
import { foremostCall, lineText } from '../../store/line.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { peerName, peerNumber } from '../../store/words.ts';
import { Button } from '../../ui/button.tsx';
import { CallTime } from '../../ui/call-time.tsx';

export function LineBar() {
  const calls = usePhone((state) => state.calls);
  const justEnded = usePhone((state) => state.justEnded);
  const away = useView((state) => state.view !== 'phone');
  const live = foremostCall(calls);
  const { before, withPeer, after } = lineText(live, justEnded);
  const peer = withPeer && live ? live : undefined;

  return (
    <footer className="line" data-state={stateOf(live) ?? (justEnded ? 'ended' : 'idle')}>
      <div className="line-words">
        <span className="dot" aria-hidden="true" />
        <p
          className="line-text"
          role="status"
          aria-label={t`Line`}
          title={`${before}${peer ? peerName(peer) : ''}${after}`}
        >
          {before}
          {peer ? <Peer call={peer} /> : null}
          {after}
        </p>
        {live?.answeredAt !== undefined ? <CallTime since={live.answeredAt} hidden /> : null}
      </div>
      {away && live ? <LineActions call={live} /> : null}
    </footer>
  );
}

/** A call that is being saved does not look like one that is well. */
const stateOf = (live: CallSnapshot | undefined): string | undefined =>
  live?.reconnecting === undefined ? live?.state : 'reconnecting';

function Peer({ call }: { call: CallSnapshot }) {
  const number = peerNumber(call);
  return (
    <>
      <bdi>{peerName(call)}</bdi>
      {number ? <bdi> ({number})</bdi> : null}
    </>
  );
}

function LineActions({ call }: { call: CallSnapshot }) {
  const { phone, view } = useStores();
  const { answer, decline, hangUp } = phone.getState();
  if (call.state !== 'incoming') {
    return (
      <div className="line-actions">
        <Button kind="neutral" onClick={() => view.getState().show('phone')}>
          {t`Show`}
        </Button>
        <Button kind="danger" className="hang-up" icon={Phone} onClick={() => hangUp(call.id)}>
          {t`Hang up`}
        </Button>
      </div>
    );
  }
  const take = () => {
    answer(call.id);
    view.getState().show('phone');
  };
  return (
    <div className="line-actions">
      <Button kind="danger" className="hang-up" icon={Phone} onClick={() => decline(call.id)}>
        {t`Decline`}
      </Button>
      <Button kind="primary" icon={Phone} onClick={take}>
        {t`Answer`}
      </Button>
    </div>
  );
}
