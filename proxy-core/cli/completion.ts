/**
 * What may come next on a command line: derived from the declared commands, so that a new command, option or choice is
 * there by itself. The scripts of the shells only ask `tandem complete`.
 */
import type { CAC, Command } from 'cac';
import { commandLength } from './arguments.ts';

export interface Candidate {
  readonly word: string;
  readonly about?: string;
}

/** The shell completes names of files itself. */
export const FILES = ':files';

export interface Wanted {
  /** What stands here, as its placeholder calls it, such as `number` in `<number>`. */
  readonly placeholder: string;
  readonly command: string;
  readonly begun: string;
  /** The words and options before it. */
  readonly before: readonly string[];
}

/** Values of a placeholder, where anything is known of them. */
export type ValuesOf = (wanted: Wanted) => Promise<readonly Candidate[] | typeof FILES>;

/** @param words what stands behind `tandem` up to the cursor; the last one is begun, or empty. */
export async function complete(
  cli: CAC,
  words: readonly string[],
  valuesOf: ValuesOf,
): Promise<readonly Candidate[] | typeof FILES> {
  const before = words.slice(0, -1);
  const begun = words.at(-1) ?? '';
  const plain = positional(cli, before);
  const name = plain.slice(0, commandLength(cli, plain)).join(' ');
  const command = cli.commands.find((one) => one.name === name);
  const value = valueFor(cli, before.at(-1));
  const from = (placeholder: string): Promise<readonly Candidate[] | typeof FILES> =>
    valuesOf({ placeholder, command: name, begun, before });
  // `--domain <name>`: the option says more than its placeholder.
  if (value !== undefined)
    return begins(await from(value === 'name' ? (before.at(-1)?.slice(2) ?? value) : value), begun);
  if (begun.startsWith('-')) return begins(optionsOf(cli, command), begun);
  const next = nextWords(cli, plain);
  const placeholder = command?.args[plain.length - name.split(' ').length]?.value;
  const values = command === undefined || placeholder === undefined ? [] : await from(placeholder);
  if (values === FILES) return next.length === 0 ? FILES : begins(next, begun);
  return begins([...next, ...values], begun);
}

const begins = (candidates: readonly Candidate[] | typeof FILES, begun: string) =>
  candidates === FILES ? FILES : candidates.filter(({ word }) => word.startsWith(begun));

/** The words that belong to no option. */
function positional(cli: CAC, words: readonly string[]): string[] {
  const found: string[] = [];
  for (const [at, word] of words.entries()) {
    if (word.startsWith('-') || valueFor(cli, words[at - 1]) !== undefined) continue;
    found.push(word);
  }
  return found;
}

/** The placeholder of the value that an option needs. */
function valueFor(cli: CAC, option: string | undefined): string | undefined {
  if (option === undefined || !option.startsWith('-') || option.includes('=')) return undefined;
  for (const { options } of [cli.globalCommand, ...cli.commands]) {
    for (const { rawName } of options) {
      const [, placeholder] = /<(.+)>/.exec(rawName) ?? [];
      if (placeholder !== undefined && rawName.split(/[ ,]+/).includes(option)) return placeholder;
    }
  }
  return undefined;
}

function optionsOf(cli: CAC, command: Command | undefined): Candidate[] {
  const options = [...(command?.options ?? []), ...cli.globalCommand.options];
  return options.flatMap(({ rawName, description }) =>
    rawName
      .split(/[ ,]+/)
      .filter((word) => word.startsWith('--'))
      .map((word) => ({ word, about: description })),
  );
}

/** What goes on with the name of a command: its first word, or its second. */
function nextWords(cli: CAC, plain: readonly string[]): Candidate[] {
  const found = new Map<string, string>();
  for (const { name, description } of cli.commands) {
    const words = name.split(' ');
    const next = words[plain.length];
    if (next === undefined || !plain.every((word, at) => words[at] === word)) continue;
    const isWhole = words.length === plain.length + 1;
    if (isWhole || !found.has(next)) found.set(next, isWhole ? description : '');
  }
  return [...found].map(([word, about]) => (about === '' ? { word } : { word, about }));
}

/** Each asks for candidates, one a line, with what they are behind a tabulator. */
export const scripts: Readonly<Record<string, string>> = {
  bash: `_tandem() {
  local IFS=$'\\n' line
  COMPREPLY=()
  for line in $(tandem complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null); do
    if [ "$line" = "${FILES}" ]; then
      COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}"))
    else
      COMPREPLY+=("\${line%%$'\\t'*}")
    fi
  done
}
complete -o filenames -F _tandem tandem
`,
  zsh: `#compdef tandem
_tandem() {
  local line word
  local -a found
  for line in "\${(@f)$(tandem complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    if [[ $line == "${FILES}" ]]; then
      _files
      return
    fi
    word="\${\${line%%$'\\t'*}//:/\\\\:}"
    if [[ $line == *$'\\t'* ]]; then
      found+=("$word:\${line#*$'\\t'}")
    else
      found+=("$word")
    fi
  done
  _describe tandem found
}
compdef _tandem tandem
`,
  fish: `function __tandem_complete
  set -l words (commandline -opc)
  set -l found (tandem complete -- $words[2..-1] (commandline -ct) 2>/dev/null)
  if test "$found" = "${FILES}"
    __fish_complete_path (commandline -ct)
  else
    printf '%s\\n' $found
  end
end
complete -c tandem -f -a '(__tandem_complete)'
`,
};
