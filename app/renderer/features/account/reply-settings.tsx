/** The texts that a declined caller may be sent: each in a field, and one more to add. */
import { t } from '@lingui/core/macro';
import { useProfile, useStores } from '../../store/context.tsx';
import { profileOf } from '../../store/profile-store.ts';
import { MAX_REPLIES, MAX_REPLY, repliesOf } from '../../store/replies.ts';
import type { Outcome } from '../../store/types.ts';
import { LeftField } from './left-field.tsx';

export function ReplySettings({ send }: { send(question: () => Promise<Outcome>): void }) {
  const { profile } = useStores();
  const texts = repliesOf(useProfile(profileOf));
  const change = (at: number, text: string) => {
    const next = texts.slice();
    next[at] = text;
    send(() => profile.getState().setReplies(next));
  };
  return (
    <details className="more">
      <summary>{t`Texts for declined callers`}</summary>
      <div className="form">
        {[...texts, ''].slice(0, MAX_REPLIES).map((text, at) => (
          <LeftField
            // biome-ignore lint/suspicious/noArrayIndexKey: a text that goes makes those after it others
            key={`${at} ${text}`}
            label={text === '' ? t`One more text` : t`Text ${at + 1}`}
            dir="auto"
            maxLength={MAX_REPLY}
            known={text}
            onTyped={(typed) => change(at, typed)}
          />
        ))}
      </div>
    </details>
  );
}
