// @vitest-environment happy-dom
import { afterEach, expect, it, vi } from 'vitest';
import { followContrast } from '../../../../../app/renderer/store/contrast.ts';

const shown = () => document.documentElement.dataset.contrast;

/** A system of which high contrast is asked for, or not, or later. */
function system(matches: boolean) {
  const query = Object.assign(new EventTarget(), { matches });
  vi.spyOn(window, 'matchMedia').mockReturnValue(query as unknown as MediaQueryList);
  return (more: boolean) => {
    query.matches = more;
    query.dispatchEvent(new Event('change'));
  };
}

afterEach(() => {
  vi.restoreAllMocks();
  delete document.documentElement.dataset.contrast;
});

it('is as the system asks, also when that changes', () => {
  const ask = system(false);
  followContrast(window);
  expect(shown()).toBeUndefined();
  ask(true);
  expect(shown()).toBe('more');
  ask(false);
  expect(shown()).toBeUndefined();
});

it('is high where the person chose it, whatever the system asks', () => {
  const ask = system(false);
  const contrast = followContrast(window);
  contrast.choose(true);
  ask(true);
  ask(false);
  expect(shown()).toBe('more');
  contrast.choose(false);
  expect(shown()).toBeUndefined();
});
