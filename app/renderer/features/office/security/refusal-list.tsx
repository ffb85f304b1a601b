/** Who was refused within a day, and the question why somebody was. */
import { t } from '@lingui/core/macro';
import { Ban, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useOfficeList } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { useTask } from '../task.tsx';
import { WhyDialog } from '../why-dialog.tsx';
import { refusalList } from './lists.ts';
import { RefusalRow } from './refusal-row.tsx';

export function RefusalList() {
  const now = useNow(true);
  const [text, setText] = useState('');
  const wanted = text.trim();
  const list = useOfficeList(refusalList, { descending: true, ...(wanted ? { text: wanted } : {}) });
  return (
    <>
      <AskWhy />
      <div className="filters">
        <FindField
          label={t`Find who was refused`}
          placeholder={t`Address, number or reason`}
          text={text}
          onChange={setText}
        />
      </div>
      <ListPane
        label={t`Refused`}
        list={list}
        spec={refusalList}
        nothing={wanted ? t`Nobody who was refused matches “${wanted}”.` : undefined}
        empty={{
          icon: ShieldCheck,
          title: t`Nobody was refused`,
          children: <p className="note">{t`Wrong passwords and requests of strangers are told of here for a day.`}</p>,
        }}
        row={(refusal) => <RefusalRow refusal={refusal} now={now} />}
      />
    </>
  );
}

/** The exchange tells of a call, a number or an address what went wrong. */
function AskWhy() {
  const openTask = useTask();
  const [about, setAbout] = useState('');
  const asked = about.trim();
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        if (asked) openTask((close) => <WhyDialog about={asked} onClose={close} />);
      }}
    >
      <TextField
        label={t`Why was somebody refused?`}
        placeholder={t`A number, an address or a Call-ID`}
        value={about}
        onChange={(event) => setAbout(event.target.value)}
        end={
          <Button type="submit" className="field-button" icon={Ban}>
            {t`Ask why`}
          </Button>
        }
      />
    </form>
  );
}
