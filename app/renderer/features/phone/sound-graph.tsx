/** How a call sounded since it began: a line for each direction, over a band for good sound and a line below which it is poor. */
import { t } from '@lingui/core/macro';
import type { SoundPoint } from '../../store/sound-history.ts';
import { decimal, duration, GRADES } from '../../store/words.ts';

const [WIDTH, HEIGHT] = [320, 96];
/** Of the scale (ITU-T G.107). */
const [WORST, BEST] = [1, 4.5];

const y = (mos: number): number => HEIGHT * (1 - (Math.min(BEST, Math.max(WORST, mos)) - WORST) / (BEST - WORST));

export function SoundGraph({ points }: { readonly points: readonly SoundPoint[] }) {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return null;
  const x = (at: number): number => (WIDTH * (at - first.at)) / (last.at - first.at);
  const line = (of: 'here' | 'there'): string => {
    let pen = 'M';
    return points
      .map((point) => {
        const mos = point[of];
        if (mos === null) {
          pen = 'M';
          return '';
        }
        const step = `${pen}${x(point.at).toFixed(1)} ${y(mos).toFixed(1)}`;
        pen = 'L';
        return step;
      })
      .join('');
  };
  const least = (of: 'here' | 'there') => {
    const known = points.flatMap((point) => point[of] ?? []);
    return known.length === 0 ? t`not known` : decimal(Math.min(...known));
  };
  const told = points.some(({ there }) => there !== null);
  const length = duration(last.at - first.at);
  return (
    <figure className="sound-graph">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t`Score over ${length}: at worst ${least('here')} for you, ${least('there')} for them`}
      >
        <rect className="graph-good" width={WIDTH} height={y(GRADES.fairBelow)} />
        <path className="graph-poor" d={`M0 ${y(GRADES.poorBelow)}H${WIDTH}`} />
        {told ? <path className="graph-there" d={line('there')} /> : null}
        <path className="graph-here" d={line('here')} />
      </svg>
      <figcaption>
        <span className="graph-key graph-key-here">{t`You hear`}</span>
        {told ? <span className="graph-key graph-key-there">{t`They hear`}</span> : null}
        <span className="graph-length">{t`the last ${length}`}</span>
      </figcaption>
    </figure>
  );
}
