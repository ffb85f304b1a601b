/** Copies a text and says that it did. */
import { t } from '@lingui/core/macro';
import { Check, Copy } from 'lucide-react';
import { type MouseEvent, useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';

const SAID_MS = 1_500;

export interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** Shows the label beside the icon. */
  readonly words?: boolean;
}

export function CopyButton({ text, label, words = false }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = (event: MouseEvent<HTMLButtonElement>) => {
    const button = event.currentTarget;
    const bySelection = () => setCopied(copyBySelection(text, button));
    // The asynchronous way asks for a permission that the program may not give to its page.
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => setCopied(true), bySelection);
    else bySelection();
  };
  const icon = copied ? Check : Copy;
  const said = copied ? t`Copied` : label;
  if (!words) return <IconButton icon={icon} label={said} onClick={copy} />;
  return (
    <Button icon={icon} onClick={copy}>
      {said}
    </Button>
  );
}

/** The old way, beside the button so that it works in an open dialog too; gives whether it did. */
function copyBySelection(text: string, button: HTMLButtonElement): boolean {
  const field = document.createElement('textarea');
  field.className = 'visually-hidden';
  field.value = text;
  button.after(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  button.focus();
  return done;
}
