/** The text of a `.desktop` file (Desktop Entry Specification 1.5), by which Linux desktops know and start programs. */

const CONTROL = /\p{Cc}/u;

/**
 * @param words of the command; `%u` stands for the link that is opened
 * @param lines further keys, such as `MimeType`
 * @throws RangeError where a word cannot be written in such a file
 */
export function desktopEntry(words: readonly string[], lines: Readonly<Record<string, string>>): string {
  const entries = {
    Type: 'Application',
    Name: 'Tandem',
    Exec: words.map(quoted).join(' '),
    Terminal: 'false',
    ...lines,
  };
  return ['[Desktop Entry]', ...Object.entries(entries).map(([key, value]) => `${key}=${value}`), ''].join('\n');
}

/** Two rules lie over each other: that of the command within quotes, and that of strings in the file. */
function quoted(word: string): string {
  if (word === '%u') return word;
  if (CONTROL.test(word)) throw new RangeError(`The path ${JSON.stringify(word)} cannot be written there.`);
  const inQuotes = word.replace(/["`$\\]/g, '\\$&').replace(/%/g, '%%');
  return `"${inQuotes.replace(/\\/g, '\\\\')}"`;
}
