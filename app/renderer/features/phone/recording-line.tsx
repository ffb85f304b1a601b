/** How the recording of a call goes, and what became of it. */

import { t } from '@lingui/core/macro';
import { FolderOpen, TriangleAlert } from 'lucide-react';
import { said } from '../../../words/said.ts';
import { useStores } from '../../store/context.tsx';
import type { RecordingView } from '../../store/types.ts';
import { duration } from '../../store/words.ts';
import { IconButton } from '../../ui/button.tsx';
import { CallTime } from '../../ui/call-time.tsx';

export function RecordingLine({ recording }: { recording: RecordingView }) {
  switch (recording.state) {
    case 'on':
      return (
        <p className="recording" data-state="on" title={recording.name}>
          <span className="dot" aria-hidden="true" />
          {t`Recording`} <CallTime since={recording.since} />
        </p>
      );
    case 'checking':
      return <p className="recording">{t`Reading the recording again…`}</p>;
    case 'kept':
      return (
        <p className="recording" data-fault={recording.fault === undefined ? undefined : ''} title={recording.name}>
          {recording.fault === undefined ? null : <TriangleAlert aria-hidden="true" />}
          <span>
            {recording.fault === undefined
              ? t`Recorded ${duration(recording.seconds * 1_000)}, checked`
              : said(recording.fault)}
          </span>
          <ShowFile id={recording.id} />
        </p>
      );
    case 'failed':
      return (
        <p className="recording" data-fault="" role="alert">
          <TriangleAlert aria-hidden="true" />
          <span>{said(recording.reason)}</span>
          {recording.id === undefined ? null : <ShowFile id={recording.id} />}
        </p>
      );
  }
}

function ShowFile({ id }: { id: string }) {
  const { sound } = useStores();
  return (
    <IconButton icon={FolderOpen} label={t`Show in folder`} onClick={() => void sound.getState().showRecording(id)} />
  );
}
