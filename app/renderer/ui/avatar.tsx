/** A disc with the picture or the initials of a person, or a sign where only a number is known. */
import { UserRound } from 'lucide-react';

export interface AvatarProps {
  readonly name: string;
  readonly size?: 'small' | 'medium' | 'large';
  /** A `data:` address. */
  readonly photo?: string | undefined;
}

/** Only decoration: the name always stands beside it. */
export function Avatar({ name, size = 'medium', photo }: AvatarProps) {
  const letters = initials(name);
  return (
    <span className={`avatar avatar-${size}`} aria-hidden="true">
      {photo ? <img src={photo} alt="" /> : letters || <UserRound />}
    </span>
  );
}

/** First letters of the first and the last name; empty when the name begins with no letter (a number, say). */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter((word) => /^\p{L}/u.test(word));
  const first = words[0];
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => (word ? ([...word][0] ?? '') : ''))
    .join('')
    .toLocaleUpperCase();
}
