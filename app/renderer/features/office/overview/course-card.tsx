/** How many calls the office had, as bars: of the last 24 hours or 30 days, those that nobody answered told apart. */
import { plural, t } from '@lingui/core/macro';
import { useMemo, useState } from 'react';
import type UPlot from 'uplot';
import { askedOf, type CallCourse, courseOf, type Span } from '../../../store/call-course.ts';
import { dates, numbers } from '../../../store/notation.ts';
import { useOfficeAnswer } from '../../../store/use-office.ts';
import { Button } from '../../../ui/button.tsx';
import { Graph, type GraphLook } from '../../../ui/graph.tsx';
import { Problem } from '../../../ui/problem.tsx';

const EVERY_MS = 30_000;
const HEIGHT = 120;

export function CourseCard() {
  const [span, setSpan] = useState<Span>('day');
  const { from } = askedOf(span, Date.now());
  return (
    <section className="card section" aria-label={t`Calls so far`}>
      <div className="section-head">
        <h2>{t`Calls so far`}</h2>
        <fieldset className="choice" aria-label={t`Of which time`}>
          <Button aria-pressed={span === 'day'} onClick={() => setSpan('day')}>
            {t`24 hours`}
          </Button>
          <Button aria-pressed={span === 'month'} onClick={() => setSpan('month')}>
            {t`30 days`}
          </Button>
        </fieldset>
      </div>
      <Course key={`${span} ${from}`} span={span} />
    </section>
  );
}

function Course({ span }: { readonly span: Span }) {
  const [asked] = useState(() => askedOf(span, Date.now()));
  const answer = useOfficeAnswer('records.counts', asked, EVERY_MS);
  const items = answer.state === 'ready' ? answer.value.items : undefined;
  const course = useMemo(() => courseOf(span, asked, items ?? []), [span, asked, items]);
  const [pointed, setPointed] = useState<number>();
  const options = useMemo(() => optionsOf(span, course, setPointed), [span, course]);
  const data = useMemo(() => dataOf(course), [course]);
  const words = wordsOf(course, span);
  if (answer.state === 'failed') return <Problem>{answer.reason}</Problem>;
  return (
    <figure className="course" aria-busy={answer.state === 'loading'}>
      <Graph label={words.join(' ')} data={data} height={HEIGHT} options={options} />
      <figcaption>
        <span className="course-words">
          {items === undefined ? null : pointed === undefined ? words[0] : barWords(course, span, pointed)}
        </span>
        <span className="course-key">{t`Answered`}</span>
        <span className="course-key course-others">{t`Not answered`}</span>
      </figcaption>
    </figure>
  );
}

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

/** All of them, and when most came. */
function wordsOf(course: CallCourse, span: Span): string[] {
  const all = course.answered.map((count, bar) => count + (course.others[bar] ?? 0));
  if (sum(all) === 0) return [t`No calls in this time.`];
  const most = all.indexOf(Math.max(...all));
  const at = timeOf(course, span, most);
  return [
    countWords(sum(course.answered), sum(course.others)),
    span === 'day' ? t`Most were made at ${at}.` : t`Most were made on ${at}.`,
  ];
}

const barWords = (course: CallCourse, span: Span, bar: number): string =>
  `${timeOf(course, span, bar)}: ${countWords(course.answered[bar] ?? 0, course.others[bar] ?? 0)}`;

function countWords(answered: number, others: number): string {
  if (others === 0) return plural(answered, { one: '# call, answered.', other: '# calls, all answered.' });
  const missed = numbers({}).format(others);
  return plural(answered + others, { one: '# call, not answered.', other: `# calls, ${missed} of them not answered.` });
}

function timeOf({ starts }: CallCourse, span: Span, bar: number): string {
  const start = starts[bar] ?? 0;
  return span === 'day'
    ? dates({ hour: 'numeric', minute: '2-digit' }).format(start)
    : dates({ weekday: 'short', day: 'numeric', month: 'short' }).format(start);
}

/** One bar stands before the other, so that both together are all calls. */
const dataOf = ({ starts, answered, others }: CallCourse): UPlot.AlignedData => [
  starts.map((start) => start / 1000),
  answered.map((count, bar) => count + (others[bar] ?? 0)),
  [...answered],
];

const optionsOf =
  (span: Span, { starts, end }: CallCourse, point: (bar: number | undefined) => void) =>
  ({ color, font, paths }: GraphLook): Omit<UPlot.Options, 'width' | 'height'> => {
    const axis = { stroke: color('text-2'), font: `12px ${font}`, ticks: { show: false } };
    const builder = paths.bars?.({ size: [0.75, 32], align: 1 });
    const bars = (name: string) => ({ fill: color(name), ...(builder && { paths: builder }) });
    const label = (seconds: number): string =>
      dates(span === 'day' ? { hour: 'numeric', minute: '2-digit' } : { day: 'numeric', month: 'short' }).format(
        seconds * 1000,
      );
    return {
      series: [{}, bars('warn'), bars('accent')],
      scales: {
        x: { range: [(starts[0] ?? 0) / 1000, end / 1000] },
        // Few calls keep low bars.
        y: { range: (_plot, _least, most) => [0, Math.max(4, most)] },
      },
      axes: [
        { ...axis, grid: { show: false }, values: (_plot, splits) => splits.map(label), space: 64, size: 24 },
        {
          ...{ ...axis, grid: { stroke: color('border'), width: 1 }, space: 32, size: 40 },
          incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 50_000, 100_000],
          values: (_plot, splits) => splits.map((split) => numbers({}).format(split)),
        },
      ],
      padding: [8, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false } },
      hooks: { setCursor: [({ cursor }) => point(cursor.idx ?? undefined)] },
    };
  };
