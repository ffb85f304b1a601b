/** Lamps, and who looks at them, in words. */
import { t } from '@lingui/core/macro';
import type { LampInfo, WatcherInfo } from './office-types.ts';
import { stateWords } from './words.ts';

/** How the lamp of a user is, with what the person says of it where that is free. */
export function lampWords({ state, note }: Pick<LampInfo, 'state' | 'note'>): string {
  return state === 'available' && note !== '' ? note : stateWords(state);
}

/** What a phone is told of; `event` is the name of an event package. */
function eventWords(event: string): string {
  switch (event) {
    case 'presence':
      return t`Whether somebody is there`;
    case 'dialog':
      return t`A lamp with its calls`;
    case 'message-summary':
      return t`Voice messages`;
    case 'tandem-office':
      return t`Everybody of the office`;
    case 'reg':
      return t`Phones of a user`;
    default:
      return event;
  }
}

/** Such as `A lamp with its calls: 1005@office.example`. */
export function watchedWords({ event, resource }: Pick<WatcherInfo, 'event' | 'resource'>): string {
  const [kind, uri = ''] = resource.split(' ', 2);
  const address = uri.replace(/^sips?:/, '');
  if (kind === 'list') return t`${eventWords(event)}: the list ${address}`;
  if (kind === 'uris') return t`${eventWords(event)}: a list of the phone’s own`;
  return t`${eventWords(event)}: ${resource}`;
}

/** Numbers as somebody types them, with commas or blanks between. */
export const typedNumbers = (text: string): readonly string[] => text.split(/[\s,;]+/).filter((one) => one !== '');
