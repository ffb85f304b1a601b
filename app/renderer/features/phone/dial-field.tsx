/** The one field: a name, a number or an address, with whom it may mean under it and what Call will do written between. */

import { t } from '@lingui/core/macro';
import { Phone } from 'lucide-react';
import {
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useId,
  useState,
} from 'react';
import { usePhone, useStores, useView } from '../../store/context.tsx';
import type { DialOption } from '../../store/dial-options.ts';
import { cleaned } from '../../store/typed-number.ts';
import { Button } from '../../ui/button.tsx';
import { CallAs } from './call-as.tsx';
import { DialHint } from './dial-hint.tsx';
import { DialOptions } from './dial-options.tsx';
import { useDial } from './use-dial.ts';

export function DialField({ ref }: { ref: RefObject<HTMLInputElement | null> }) {
  const { book, history, phone } = useStores();
  const text = usePhone((state) => state.dialled);
  const accounts = usePhone((state) => state.accounts);
  const { known, offer } = useDial(text);
  const [pressed, setPressed] = useState('');
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  useAskedFor(ref);

  const isEmpty = text.trim() === '';
  const options = isEmpty && open ? book.lately(MOST_LATELY).map(asOption) : offer.options;
  const isShown = open && options.length > (options[0]?.isTyped ? 1 : 0);
  const chosen = isShown ? options[active] : undefined;
  const option = chosen ?? (offer.choice.kind === 'ready' ? offer.choice.option : undefined);

  const write = (typed: string) => {
    phone.getState().setDialled(typed);
    if (typed !== '') void history.getState().know();
    setOpen(true);
    setActive(-1);
  };
  const close = () => {
    setOpen(false);
    setActive(-1);
  };
  const call = (called: DialOption) => {
    const { callAs } = phone.getState();
    if (phone.getState().call(called.number, callAs ?? called.accountId)) close();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setPressed(text);
    if (option !== undefined) call(option);
    else if (options.length > 0) {
      setOpen(true);
      setActive(0);
    }
  };
  const keys = (event: KeyboardEvent) => {
    const byAlt = event.altKey && !event.ctrlKey ? /^Digit([1-9])$/.exec(event.code)?.[1] : undefined;
    const account = byAlt === undefined ? undefined : accounts[Number(byAlt) - 1];
    if (account !== undefined && accounts.length > 1) phone.getState().setCallAs(account.id);
    else if (event.key === 'Escape' && isShown) close();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      void history.getState().know();
      setOpen(true);
      setActive(isShown ? stepped(active, event.key === 'ArrowDown' ? 1 : -1, options.length) : 0);
    } else return;
    event.preventDefault();
  };
  const paste = (event: ClipboardEvent<HTMLInputElement>) => {
    const { selectionStart, selectionEnd, value } = event.currentTarget;
    const put = cleaned(event.clipboardData.getData('text/plain'));
    if (put === '') return;
    event.preventDefault();
    write(value.slice(0, selectionStart ?? value.length) + put + value.slice(selectionEnd ?? value.length));
  };
  const drop = (event: DragEvent) => {
    const dropped = cleaned(event.dataTransfer.getData('text/plain') || event.dataTransfer.getData('text/uri-list'));
    if (dropped === '') return;
    event.preventDefault();
    write(dropped);
    ref.current?.focus();
  };

  return (
    <form className="dial" onSubmit={submit}>
      <div className="dial-row">
        <input
          ref={ref}
          className="dial-input"
          role="combobox"
          aria-label={t`Name or number`}
          placeholder={t`Name or number`}
          aria-describedby={`${id}-hint`}
          aria-expanded={isShown}
          aria-controls={`${id}-options`}
          aria-autocomplete="list"
          aria-activedescendant={chosen ? `${id}-${active}` : undefined}
          aria-keyshortcuts="Control+L /"
          aria-invalid={offer.choice.kind === 'unclear' && pressed === text ? true : undefined}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          dir="auto"
          // biome-ignore lint/a11y/noAutofocus: the field is what the page is for
          autoFocus
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={keys}
          onPaste={paste}
          onDrop={drop}
          onBlur={close}
        />
        <Button
          kind="primary"
          type="submit"
          icon={Phone}
          className="dial-call"
          disabled={isEmpty && chosen === undefined}
        >
          {t`Call`}
        </Button>
      </div>
      <CallAs />
      <DialHint id={`${id}-hint`} known={known} choice={offer.choice} option={option} asked={pressed === text} />
      {isShown ? <DialOptions {...{ id, options, active }} onHover={setActive} onCall={call} /> : null}
    </form>
  );
}

const MOST_LATELY = 6;

const asOption = (entry: Omit<DialOption, 'isTyped'>): DialOption => ({ ...entry, isTyped: false });

/** Round and round. */
const stepped = (from: number, by: number, count: number): number =>
  (from < 0 && by < 0 ? count : from + by + count) % count;

/** Takes the keyboard, with what stands there selected, when the key for it is pressed anywhere. */
function useAskedFor(ref: RefObject<HTMLInputElement | null>): void {
  const times = useView((state) => state.dialling);
  useEffect(() => {
    if (times === 0) return;
    ref.current?.focus();
    ref.current?.select();
  }, [ref, times]);
}
