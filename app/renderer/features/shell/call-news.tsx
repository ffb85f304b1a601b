/** Says once, to whoever hears the window, what becomes of calls beside the one that the line is about. */
import { t } from '@lingui/core/macro';
import { useEffect, useRef, useState } from 'react';
import { said } from '../../../words/said.ts';
import { usePhone } from '../../store/context.tsx';
import { foremostCall } from '../../store/line.ts';
import type { CallSnapshot } from '../../store/types.ts';
import { callStateWords, peerName } from '../../store/words.ts';

export function CallNews() {
  const calls = usePhone((state) => state.calls);
  const [news, setNews] = useState('');
  const before = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const now = new Map(calls.map((call) => [call.id, wordsOf(call)]));
    const foremost = foremostCall(calls)?.id;
    const changed = calls.filter(
      ({ id }) => id !== foremost && (before.current.get(id) ?? now.get(id)) !== now.get(id),
    );
    before.current = now;
    // With no other call the line says how the last one ended.
    if (foremost === undefined) setNews('');
    else if (changed.length > 0) setNews(changed.map((call) => `${peerName(call)}: ${now.get(call.id)}`).join('. '));
  }, [calls]);
  return (
    <p className="visually-hidden" role="status" aria-label={t`Other calls`}>
      {news}
    </p>
  );
}

const wordsOf = (call: CallSnapshot): string =>
  call.state === 'ended' && call.notice !== undefined ? said(call.notice) : callStateWords(call);
