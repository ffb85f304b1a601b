/** All that is on record of one call; why it did not come about stands first. */
import { t } from '@lingui/core/macro';
import { Network } from 'lucide-react';
import { useMemo } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { RecordInfo } from '../../../store/office-types.ts';
import { deviceFateWords, enderWords, outcomeWords, partyWords, spanWords } from '../../../store/office-words.ts';
import { dayAndTime } from '../../../store/words.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog, DialogActions } from '../../../ui/dialog.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { WhyReasons } from '../why-dialog.tsx';

export function RecordDialog({ record, onClose }: { readonly record: RecordInfo; onClose(): void }) {
  const { office } = useStores();
  const now = useNow(false);
  const { caller, callee, callId, outcome, startedAt, ringingAt, answeredAt, seconds, devices, quality } = record;
  const asked = useMemo(() => ({ callId }), [callId]);
  const mos = quality[0]?.local.mosListening ?? quality[0]?.local.mosConversation;
  const openMessages = () => {
    onClose();
    office.getState().open({ page: 'calls', callId });
  };
  const facts: readonly (readonly [string, string])[] = [
    [t`Began`, dayAndTime(startedAt, now)],
    [t`Ended`, outcomeWords(outcome)],
    ...(ringingAt > 0 ? [[t`Rang after`, spanWords(ringingAt - startedAt)] as const] : []),
    ...(answeredAt > 0 ? [[t`Lasted`, spanWords(seconds * 1000)] as const] : []),
    [t`Ended by`, enderWords(record.endedBy)],
    [t`Caller`, `${caller.number}@${caller.domain} (${record.callerAddress})`],
    [t`Called party`, `${callee.number}@${callee.domain}`],
    ...(mos === undefined ? [] : [[t`Sound, of 5`, String(mos)] as const]),
    [t`Call-ID`, callId],
  ];
  return (
    <Dialog title={partyWords(caller, callee)} onClose={onClose}>
      {outcome === 'answered' ? null : <WhyReasons params={asked} />}
      <dl className="record-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {devices.length > 0 ? (
        <section aria-label={t`Phones that were tried`}>
          <h3>{t`Phones that were tried`}</h3>
          <ul className="plain-rows">
            {devices.map((device, at) => (
              <li key={`${device.contact} ${device.label}`} className="plain-row">
                <div>
                  <p>{device.label || device.userAgent || device.aor || device.contact}</p>
                  <p className="note">{deviceFateWords(device, at === record.answeredBy)}</p>
                </div>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      <DialogActions>
        <Button icon={Network} onClick={() => openMessages()}>
          {t`Messages`}
        </Button>
        <Button data-autofocus="" onClick={onClose}>
          {t`Close`}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
