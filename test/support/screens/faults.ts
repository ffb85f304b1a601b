/** What may be wrong with a screen, each found in the page itself: these functions are sent there and see nothing else. */

/** Of axe, as little as is used here. */
interface Axe {
  run(
    context: Document,
    options: object,
  ): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }>;
}

/** @param rules those of all of WCAG 2.2 A and AA where null */
export async function breaches(rules: readonly string[] | null): Promise<string[]> {
  // High contrast is told to the styles when the page is drawn.
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const { axe } = window as unknown as { axe: Axe };
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await axe.run(document, {
    runOnly: rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags },
    resultTypes: ['violations'],
    // Off by itself, although it is of AA.
    ...(rules
      ? {}
      : {
          rules: {
            'target-size': { enabled: true },
            // It takes what is scrolled out of a strip for a link that leads past something.
            'skip-link': { enabled: false },
            // A menu hangs beside the page.
            region: { enabled: false },
          },
        }),
  });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary = '' }) =>
        `${id}: ${target} ${failureSummary.split('\n').slice(1, 2).join(' ').trim()}`,
    ),
  );
}

/** What stands out of its place or is cut without a way to read it whole. */
export function misplaced(): string[] {
  const faults: string[] = [];
  const told = (element: Element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')}`;
  const said = (element: Element) => (element.textContent ?? '').trim().slice(0, 60);
  for (const element of document.querySelectorAll<HTMLElement>('body *')) {
    if (element.closest('.visually-hidden, svg') || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if (style.display === 'inline' || style.display === 'contents') continue;
    const wider = element.scrollWidth - element.clientWidth;
    const scrolls = /auto|scroll/.test(style.overflowX);
    // In a narrow window pages lie side by side in a strip; a diagram is as wide as its hops.
    if (scrolls && wider > 1 && !element.matches('nav, .ladder, input, textarea'))
      faults.push(`scrolls sideways: ${told(element)} by ${wider} px`);
    const clamped = style.webkitLineClamp !== 'none' && element.scrollHeight > element.clientHeight + 1;
    const cut = (style.textOverflow === 'ellipsis' && wider > 0) || clamped;
    // The beginning of a message is shown; the conversation has all of it.
    if (cut && !element.matches('input, .conversation-last') && !element.closest('[title]'))
      faults.push(`cut, and nowhere to be read: ${told(element)} “${said(element)}”`);
    const button = element.matches('.button-label') ? element.closest('button')?.getBoundingClientRect() : undefined;
    const own = element.getBoundingClientRect();
    const out = button ? Math.round(Math.max(button.left - own.left, own.right - button.right)) : 0;
    if (out > 0) faults.push(`its words stand out: ${told(element)} “${said(element)}” by ${out} px`);
    if (element.matches('a, label, h1, h2, legend') && style.overflowX === 'visible' && wider > 1)
      faults.push(`its words stand out: ${told(element)} “${said(element)}” by ${wider} px`);
    if (element.matches('button, a, input, select, textarea') && own.width > 0 && own.right > innerWidth + 1) {
      if (!element.closest('nav, .ladder')) faults.push(`beyond the window: ${told(element)} “${said(element)}”`);
    }
  }
  return faults;
}

/** What takes the keyboard without showing it, or lies under something else then. The last key has to be one. */
export async function unseenFocus(): Promise<string[]> {
  const faults: string[] = [];
  if (document.querySelector('[role="menu"]')) return faults;
  const dialogs = document.querySelectorAll<HTMLElement>('dialog[open]');
  const within = dialogs[dialogs.length - 1] ?? document.body;
  const all = within.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, summary, [tabindex]');
  const outlined = (element: Element | null, part?: string) => {
    if (!element) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(element, part);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 1;
  };
  for (const element of all) {
    if (element.tabIndex < 0 || element.matches(':disabled, .visually-hidden') || !element.checkVisibility()) continue;
    const name = `${element.tagName.toLowerCase()} “${(element.getAttribute('aria-label') ?? element.textContent ?? '').slice(0, 40)}”`;
    element.focus();
    // What closes when it loses the focus is gone then.
    await Promise.resolve().then(() => {});
    if (document.activeElement !== element) {
      faults.push(`takes no focus: ${name}`);
      continue;
    }
    if (!outlined(element) && !outlined(element, '::after') && !outlined(element.closest('.field-box')))
      faults.push(`does not show its focus: ${name}`);
    const { left, top, width, height } = element.getBoundingClientRect();
    const over = document.elementFromPoint(left + width / 2, top + height / 2);
    if (!over || !(element.contains(over) || over.contains(element) || over.closest('label')))
      faults.push(`is covered while it has the focus: ${name} by ${over?.className}`);
  }
  return faults;
}
