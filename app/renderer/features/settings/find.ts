/** Finds a setting by what people call it: its own name, other words for it, or where it stands. */
import { plain } from '../../store/plain.ts';
import type { Panel, Section } from './panel.ts';

export interface Found {
  readonly panel: Panel;
  readonly section: Section;
  /** Label of the control; undefined where the whole panel is meant. */
  readonly control: string | undefined;
}

const NAMED = 3;
const ALSO_CALLED = 2;
const STANDS_THERE = 1;
/** Endings of words differ with the case they stand in: of a longer word its last letters do not count. */
const LEAST_STEM = 4;
const ENDING = 2;

/** The best first; those that are found alike stay in the order of the page. Nothing where nothing is looked for. */
export function findSettings(text: string, panels: readonly Panel[], sections: readonly Section[]): readonly Found[] {
  const wanted = wordsOf(text);
  if (wanted.length === 0) return [];
  const found = panels.flatMap((panel) => {
    const section = sections.find(({ id }) => id === panel.section);
    if (section === undefined) return [];
    const where = wordsOf(`${section.name} ${panel.name} ${panel.words}`);
    const whole = { panel, section, control: undefined, weight: weigh(wanted, panel.name, panel.words, []) };
    const parts = (panel.controls ?? []).map(({ name, words = '' }) => ({
      ...{ panel, section, control: name },
      weight: weigh(wanted, name, words, where),
    }));
    return [whole, ...parts];
  });
  return found
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight)
    .map(({ weight: _, ...rest }) => rest);
}

/** 0 where one of the words is nowhere; else by the places where they are. */
function weigh(wanted: readonly string[], name: string, also: string, where: readonly string[]): number {
  const [own, other] = [wordsOf(name), wordsOf(also)];
  const weights = wanted.map((word): number => {
    if (has(own, word)) return NAMED;
    if (has(other, word)) return ALSO_CALLED;
    return has(where, word) ? STANDS_THERE : 0;
  });
  // A control is not found by its place alone: the panel is.
  const weight = Math.min(...weights) === 0 ? 0 : weights.reduce((sum, one) => sum + one, 0) / weights.length;
  return weight > STANDS_THERE ? weight : 0;
}

function has(words: readonly string[], wanted: string): boolean {
  const stem = wanted.length >= LEAST_STEM + ENDING ? wanted.slice(0, -ENDING) : wanted;
  return words.some((word) => word.startsWith(wanted) || (word.startsWith(stem) && word.length <= wanted.length + 1));
}

const wordsOf = (text: string): readonly string[] =>
  plain(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
