/** High contrast, because the system asks for it or because the person chose it: told to the styles on the root element. */

export interface Contrast {
  /** Whether the person chose it; else it is as the system has it. */
  choose(more: boolean): void;
}

/** Follows the system from now on. */
export function followContrast(page: Window): Contrast {
  const system = page.matchMedia('(prefers-contrast: more)');
  let chosen = false;
  const show = (): void => {
    const { dataset } = page.document.documentElement;
    if (chosen || system.matches) dataset.contrast = 'more';
    else delete dataset.contrast;
  };
  system.addEventListener('change', show);
  show();
  return {
    choose(more) {
      chosen = more;
      show();
    },
  };
}
