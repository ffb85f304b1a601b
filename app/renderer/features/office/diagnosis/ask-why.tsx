/** A question in the words of whoever asks it: why nobody reaches a number, what is wrong with an address, why a call failed. */
import { t } from '@lingui/core/macro';
import { CircleHelp } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { WhyReasons } from '../why-dialog.tsx';

export function AskWhy() {
  const { office } = useStores();
  const [typed, setTyped] = useState('');
  /** Counted, so that the same is asked again by pressing again. */
  const [asked, setAsked] = useState({ about: '', turn: 0 });
  const { about, turn } = asked;
  const wanted = typed.trim();
  return (
    <>
      <p className="note">
        {t`Why can nobody reach 1002? Why is a phone refused? Type the number or the address, and read what is wrong and what to do.`}
      </p>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted) setAsked({ about: wanted, turn: turn + 1 });
        }}
      >
        <TextField
          label={t`What does not work?`}
          placeholder={t`A number, an address or a Call-ID`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          end={
            <Button type="submit" className="field-button" icon={CircleHelp}>
              {t`Ask why`}
            </Button>
          }
        />
      </form>
      {turn === 0 ? null : (
        <section className="card section" aria-live="polite" aria-label={t`Why: ${about}`}>
          <h2 dir="auto">{about}</h2>
          <WhyReasons
            key={turn}
            params={{ about }}
            onOpen={(callId) => office.getState().open({ page: 'calls', callId })}
          />
        </section>
      )}
    </>
  );
}
