/** The level of the microphone, for as long as it is shown. */

import { t } from '@lingui/core/macro';
import { useEffect } from 'react';
import { said } from '../../../words/said.ts';
import { useSound, useStores } from '../../store/context.tsx';
import { LevelMeter } from '../../ui/level-meter.tsx';

export function MicrophoneMeter() {
  const { sound } = useStores();
  const level = useSound((state) => state.level);
  const problem = useSound((state) => state.meterProblem);
  useEffect(() => sound.getState().measure(), [sound]);
  return (
    <>
      <LevelMeter label={t`Level of the microphone`} level={level} />
      {problem ? (
        <p className="field-error" role="alert">
          {said(problem)}
        </p>
      ) : null}
    </>
  );
}
