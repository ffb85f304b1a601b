/** How somebody is, beside a name that is offered. */
import type { DialLamp as Lamp } from '../../store/dial-book.ts';
import { personWords, stateWords } from '../../store/words.ts';

export function DialLamp({ lamp: { state, watched } }: { readonly lamp: Lamp }) {
  const words = watched ? personWords(watched) : stateWords(state);
  if (state === 'unknown') return null;
  return (
    <span className="person-state dial-option-lamp" data-state={state} title={words}>
      <span className="dot" aria-hidden="true" />
      <span className="dial-option-state">{words}</span>
    </span>
  );
}
