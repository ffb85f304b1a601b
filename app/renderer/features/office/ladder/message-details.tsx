/** One message, whole: its text line by line, each with what it is for. */
import { plural, t } from '@lingui/core/macro';
import { useMemo } from 'react';
import { i18n } from '../../../../words/language.ts';
import { said } from '../../../../words/said.ts';
import type { LadderMessage } from '../../../store/office-types.ts';
import { exactTime } from '../../../store/words.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { meaningOfField, meaningOfLine } from './field-words.ts';
import { readText } from './read-text.ts';

export interface MessageDetailsProps {
  readonly message: LadderMessage;
  /** What it says, in a sentence. */
  readonly sentence: string;
}

export function MessageDetails({ message, sentence }: MessageDetailsProps) {
  const read = useMemo(() => readText(message.text), [message.text]);
  const at = exactTime(message.at);
  const bytes = plural(message.bytes, { one: '# byte', other: '# bytes' });
  return (
    <article className="ladder-details" aria-label={message.label}>
      <header>
        <p>{sentence}</p>
        <p className="note">{t`${at}, ${message.transport}, ${message.remote}, ${bytes}`}</p>
        {message.fault === undefined ? null : (
          <p className="ladder-fault">{t`Line ${message.fault.line}: ${said(message.fault.reason)}`}</p>
        )}
      </header>
      <p className="ladder-start">{read.start}</p>
      <dl className="ladder-fields">
        {read.fields.map(({ name, value }, index) => {
          const meaning = meaningOfField(name);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a message never change their places
            <div key={index}>
              <dt>{name}</dt>
              <dd>
                <code>{value}</code>
                {meaning === undefined ? null : <span>{i18n._(meaning)}</span>}
              </dd>
            </div>
          );
        })}
      </dl>
      {read.body.length === 0 ? null : (
        <dl className="ladder-fields" aria-label={t`Content`}>
          {read.body.map((line, index) => {
            const meaning = read.bodyType === 'application/sdp' ? meaningOfLine(line) : undefined;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a message never change their places
              <div key={index}>
                <dt>
                  <code>{line}</code>
                </dt>
                {meaning === undefined ? null : <dd>{i18n._(meaning)}</dd>}
              </div>
            );
          })}
        </dl>
      )}
      <CopyButton label={t`Copy the message`} text={message.text} />
    </article>
  );
}
