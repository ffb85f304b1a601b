/**
 * The order in which the program ends; each step has a time limit, so that a part that hangs delays the end but does
 * not prevent it:
 *
 * 1. The page is told (`system.closing`): it ends its calls, signs off and answers `readyToClose`. The phone service
 *    must still be there for that.
 * 2. The window is destroyed.
 * 3. The phone service closes its sockets and ends (`PhoneHost.stop`).
 * 4. The exchange drains, closes its store and ends (`Office.stop`): last, so that phones here could sign off from it.
 *
 * Whoever starts a process ends it: services are killed when they do not end by themselves.
 */
export interface ClosingSteps {
  readonly tellPage: () => void;
  /** Settles when the page has answered, or at once when there is none. */
  readonly pageReady: Promise<void>;
  readonly destroyWindow: () => void;
  readonly stopPhone: () => Promise<void>;
  readonly stopOffice: () => Promise<void>;
  readonly after: (ms: number, work: () => void) => () => void;
}

/** How long the page may take to end calls and sign off. */
const PAGE_MS = 3_500;

export async function closeInOrder(steps: ClosingSteps): Promise<void> {
  steps.tellPage();
  let cancel = () => {};
  const tooLong = new Promise<void>((resolve) => {
    cancel = steps.after(PAGE_MS, resolve);
  });
  await Promise.race([steps.pageReady, tooLong]);
  cancel();
  steps.destroyWindow();
  await steps.stopPhone();
  await steps.stopOffice();
}
