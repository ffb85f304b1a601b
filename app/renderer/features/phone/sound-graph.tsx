/** How a call sounded since it began: a line for each direction, over a band for good sound and a line below which it is poor. */
import { t } from '@lingui/core/macro';
import { useMemo } from 'react';
import type UPlot from 'uplot';
import type { SoundPoint } from '../../store/sound-history.ts';
import { decimal, duration, GRADES } from '../../store/words.ts';
import { Graph, type GraphLook } from '../../ui/graph.tsx';

const HEIGHT = 96;
/** Of the scale (ITU-T G.107). */
const [WORST, BEST] = [1, 4.5] as const;

export function SoundGraph({ points }: { readonly points: readonly SoundPoint[] }) {
  const data = useMemo((): UPlot.AlignedData => {
    return [points.map(({ at }) => at / 1000), points.map(({ here }) => here), points.map(({ there }) => there)];
  }, [points]);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || last.at === first.at) return null;
  const least = (of: 'here' | 'there') => {
    const known = points.flatMap((point) => point[of] ?? []);
    return known.length === 0 ? t`not known` : decimal(Math.min(...known));
  };
  const told = points.some(({ there }) => there !== null);
  const length = duration(last.at - first.at);
  return (
    <figure className="sound-graph">
      <Graph
        label={t`Score over ${length}: at worst ${least('here')} for you, ${least('there')} for them`}
        data={data}
        height={HEIGHT}
        options={optionsOf}
      />
      <figcaption>
        <span className="graph-key graph-key-here">{t`You hear`}</span>
        {told ? <span className="graph-key graph-key-there">{t`They hear`}</span> : null}
        <span className="graph-length">{t`the last ${length}`}</span>
      </figcaption>
    </figure>
  );
}

function optionsOf({ color }: GraphLook): Omit<UPlot.Options, 'width' | 'height'> {
  const line = { width: 2, points: { show: false }, spanGaps: false };
  return {
    series: [{}, { ...line, stroke: color('accent') }, { ...line, stroke: color('text-2'), dash: [4, 3] }],
    scales: { y: { range: [WORST, BEST] } },
    axes: [{ show: false }, { show: false }],
    padding: [0, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    hooks: { drawClear: [(plot) => drawGrades(plot, color)] },
  };
}

function drawGrades({ ctx, bbox, valToPos }: UPlot, color: GraphLook['color']): void {
  const y = (mos: number): number => valToPos(mos, 'y', true);
  ctx.save();
  ctx.fillStyle = color('accent-soft');
  ctx.fillRect(bbox.left, bbox.top, bbox.width, y(GRADES.fairBelow) - bbox.top);
  ctx.fillStyle = color('danger');
  ctx.fillRect(bbox.left, Math.round(y(GRADES.poorBelow)), bbox.width, devicePixelRatio);
  ctx.restore();
}
