/** Brings one setting into sight and gives it the keyboard, by the words that it is labelled with. */

const LABELS = 'label, legend, .meter-name, button, h4';
const USABLE = 'input, select, button, textarea';

/** Where there is no such one, since it shows only when it has a meaning, the panel itself. */
export function showControl(panel: HTMLElement, label: string | undefined): void {
  const labels = label === undefined ? [] : [...panel.querySelectorAll<HTMLElement>(LABELS)];
  // A label may say more with what is chosen.
  const labelled =
    labels.find((one) => one.textContent.trim() === label) ??
    labels.find((one) => one.textContent.trim().startsWith(label ?? ''));
  const target = labelled === undefined ? panel.querySelector<HTMLElement>('h3') : controlOf(labelled);
  if (!target) return;
  const more = target.closest('details');
  if (more) more.open = true;
  (labelled?.closest<HTMLElement>('.switch-row, .field, fieldset') ?? target).scrollIntoView({ block: 'center' });
  mark(target);
  target.focus({ preventScroll: true });
}

function controlOf(labelled: HTMLElement): HTMLElement | null {
  if (labelled instanceof HTMLButtonElement) return labelled;
  if (labelled instanceof HTMLLabelElement && labelled.control) return labelled.control;
  return labelled.parentElement?.querySelector<HTMLElement>(USABLE) ?? null;
}

/** After a press of the mouse the ring of the keyboard is not drawn, yet the eye looks for the place. */
function mark(target: HTMLElement): void {
  target.dataset.sought = '';
  target.addEventListener('blur', () => delete target.dataset.sought, { once: true });
}
