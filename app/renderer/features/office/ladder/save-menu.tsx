/** Keeps the messages of a call: for Wireshark, as text, or as a picture. */
import { t } from '@lingui/core/macro';
import { Download, FileText, Image, Network } from 'lucide-react';
import { useStores } from '../../../store/context.tsx';
import type { Ladder, LadderMessage } from '../../../store/office-types.ts';
import { exactTime } from '../../../store/words.ts';
import { Menu, MenuItem } from '../../../ui/menu.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { useSubmit } from '../../use-submit.ts';
import { pictureOf } from './picture.ts';
import { labelOf, meaningWords, pauseWords, timeWords } from './row-words.ts';
import { rowsOf } from './rows.ts';

export interface SaveMenuProps {
  readonly callId: string;
  readonly ladder: Ladder;
  readonly messages: readonly LadderMessage[];
}

export function SaveMenu({ callId, ladder, messages }: SaveMenuProps) {
  const { office } = useStores();
  const submit = useSubmit();
  const { saveCapture, saveFile } = office.getState();
  const drawn = () =>
    pictureOf({
      ...{ title: t`Messages of the call ${callId}`, hops: ladder.hops, rows: rowsOf(ladder) },
      ...{ labelOf, meaningOf: meaningWords, timeOf: timeWords, pauseOf: pauseWords },
    });
  return (
    <>
      <Problem>{submit.problem}</Problem>
      <Menu icon={Download} label={t`Save the messages`}>
        <MenuItem icon={Network} onSelect={() => void submit.send(() => saveCapture({ callId }))}>
          {t`For Wireshark…`}
        </MenuItem>
        <MenuItem icon={Network} onSelect={() => void submit.send(() => saveCapture({ callId, bodies: true }))}>
          {t`For Wireshark, with texts and digits…`}
        </MenuItem>
        <MenuItem icon={FileText} onSelect={() => void submit.send(() => saveFile('call.txt', textOf(messages)))}>
          {t`As text…`}
        </MenuItem>
        <MenuItem icon={Image} onSelect={() => void submit.send(() => saveFile('call.svg', drawn()))}>
          {t`As a picture…`}
        </MenuItem>
      </Menu>
    </>
  );
}

/** Each message under a line with its time and its way. */
const textOf = (messages: readonly LadderMessage[]): string =>
  messages
    .map(({ at, direction, transport, remote, text }) => {
      const way = direction === 'in' ? `← ${remote}` : `→ ${remote}`;
      return `# ${exactTime(at)} ${transport} ${way}\n${text.trimEnd()}\n`;
    })
    .join('\n');
