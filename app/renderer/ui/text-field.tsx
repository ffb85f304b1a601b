/** A labelled field of one line with a hint and an error in place. */

import { type ComponentProps, type ReactNode, useId } from 'react';
import { said } from '../../words/said.ts';
import { classes } from './classes.ts';

export interface TextFieldProps extends ComponentProps<'input'> {
  readonly label: string;
  /** Leaves the label to screen readers, where a placeholder says it to the eye. */
  readonly hideLabel?: boolean;
  /** Shown beside the label and said after it. */
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  /** Stands at the end of the field, such as a button to copy it. */
  readonly end?: ReactNode;
}

export function TextField({ label, hideLabel = false, hint, error, end, className, ...rest }: TextFieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={classes('field', className)}>
      <div className={hideLabel ? 'visually-hidden' : 'field-head'}>
        <label htmlFor={id}>{label}</label>
        {hint ? (
          <span id={`${id}-hint`} className="field-hint">
            {hint}
          </span>
        ) : null}
      </div>
      <div className="field-box" data-invalid={error ? '' : undefined}>
        <input
          id={id}
          className="field-input"
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          aria-invalid={error ? true : undefined}
          aria-describedby={described || undefined}
          {...rest}
        />
        {end}
      </div>
      {error ? (
        <p id={`${id}-error`} className="field-error">
          {said(error)}
        </p>
      ) : null}
    </div>
  );
}
