/**
 * A graph over time by uPlot, in the colours of the window: drawn again where these change, or its width. Its code is
 * loaded with the first one that is shown.
 */
import { useEffect, useRef } from 'react';
import type UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** What a graph is drawn with. */
export interface GraphLook {
  /** The colour of a custom property of styles/tokens.css, by its name without dashes. */
  readonly color: (name: string) => string;
  /** Family. */
  readonly font: string;
  readonly paths: UPlot.Series.PathBuilderFactories;
}

export interface GraphProps {
  /** What it shows, in a sentence, for those who cannot see it. */
  readonly label: string;
  /** Times in seconds since 1970 (uPlot's), then the values of each line or bar; null where there is none. */
  readonly data: UPlot.AlignedData;
  readonly height: number;
  /** All but the size; the same at every rendering where nothing changed. */
  readonly options: (look: GraphLook) => Omit<UPlot.Options, 'width' | 'height'>;
}

export function Graph({ label, data, height, options }: GraphProps) {
  const place = useRef<HTMLDivElement>(null);
  const shown = useRef<UPlot>(undefined);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let isGone = false;
    let make: (() => void) | undefined;
    const draw = () => {
      shown.current?.destroy();
      make?.();
    };
    import('uplot').then(({ default: Plot }) => {
      if (isGone) return;
      make = () => {
        const style = getComputedStyle(element);
        const color = (name: string) => style.getPropertyValue(`--${name}`).trim();
        const look = { color, font: style.fontFamily, paths: Plot.paths };
        const all = { ...options(look), width: Math.max(1, element.clientWidth), height };
        shown.current = new Plot(all, latest.current, element);
      };
      draw();
    }, console.error);
    const width = new ResizeObserver(() => shown.current?.setSize({ width: Math.max(1, element.clientWidth), height }));
    width.observe(element);
    const looks = ['(prefers-color-scheme: dark)', '(forced-colors: active)'].map((query) => matchMedia(query));
    for (const look of looks) look.addEventListener('change', draw);
    const contrast = new MutationObserver(draw);
    contrast.observe(document.documentElement, { attributeFilter: ['data-contrast'] });
    return () => {
      isGone = true;
      width.disconnect();
      contrast.disconnect();
      for (const look of looks) look.removeEventListener('change', draw);
      shown.current?.destroy();
      shown.current = undefined;
    };
  }, [options, height]);

  useEffect(() => shown.current?.setData(data), [data]);

  return <div ref={place} className="graph" role="img" aria-label={label} style={{ height }} />;
}
