/**
 * A modal dialog on the browser's own element: it keeps the keyboard inside, gives focus back, closes by Esc, and needs
 * no style that the page's security policy would refuse.
 */
import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { IconButton } from './button.tsx';

export interface DialogProps {
  readonly title: string;
  /** The element with `data-autofocus` inside gets the keyboard. */
  readonly children: ReactNode;
  onClose(): void;
}

/** Open as long as it is rendered. */
export function Dialog({ title, children, onClose }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();

  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    dialog.showModal();
    const first = dialog.querySelector<HTMLElement>('[data-autofocus]');
    first?.focus();
    if (first instanceof HTMLInputElement) first.select();
    // What has the keyboard may be at its end; it is read from its beginning.
    if (first?.closest('.dialog-actions')) dialog.scrollTop = 0;
    const uncover = coverRest(dialog);
    return () => {
      uncover();
      dialog.close();
    };
  }, []);

  return createPortal(
    // biome-ignore lint/a11y/useKeyWithClickEvents: a press beside the dialog is a convenience; Esc is the key for it
    <dialog
      ref={ref}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-inner">
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <IconButton icon={X} label={t`Close`} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>,
    document.body,
  );
}

/** Says to all assistive technology what the browser does by itself: beside an open dialog there is nothing else. */
function coverRest(dialog: HTMLElement): () => void {
  const rest = [...document.body.children].filter((other) => other !== dialog && !other.hasAttribute('aria-hidden'));
  for (const other of rest) other.setAttribute('aria-hidden', 'true');
  return () => {
    for (const other of rest) other.removeAttribute('aria-hidden');
  };
}

export function DialogActions({ children }: { children: ReactNode }) {
  return <footer className="dialog-actions">{children}</footer>;
}
