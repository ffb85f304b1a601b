/** A button with a label and, where it helps, an icon before it. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { classes } from './classes.ts';

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` is what most people want next; at most one of it in a view. */
  readonly kind?: 'primary' | 'neutral' | 'quiet' | 'danger' | 'danger-quiet';
  readonly icon?: LucideIcon;
}

export function Button({ kind = 'neutral', icon: Icon, className, children, type = 'button', ...rest }: ButtonProps) {
  return (
    <button type={type} className={classes('button', `button-${kind}`, className)} {...rest}>
      {Icon ? <Icon aria-hidden="true" className="button-icon" /> : null}
      <span className="button-label">{children}</span>
    </button>
  );
}

export interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: LucideIcon;
  /** Said by screen readers and shown as the tooltip. */
  readonly label: string;
}

export function IconButton({ icon: Icon, label, className, type = 'button', ...rest }: IconButtonProps) {
  return (
    <button type={type} className={classes('icon-button', className)} aria-label={label} title={label} {...rest}>
      <Icon aria-hidden="true" />
    </button>
  );
}
