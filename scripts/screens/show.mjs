/** Leads the page of `site.mjs` to one of its states, by the presses that lead there. */

/** The names of all states. */
export const statesOf = (page) => page.evaluate(() => window.screens.names);

/** @param language the window's; the presses go by English names, so it is changed at the end */
export async function showState(page, name, language = 'en') {
  const steps = await page.evaluate((wanted) => window.screens.show(wanted), name);
  for (const { press, choose, fill, open, unfold, turn, see, give } of steps) {
    if (fill) {
      const [name, text] = [{ name: fill[0], exact: true }, fill[1]];
      const fields = page.getByRole('textbox', name).or(page.getByRole('searchbox', name));
      await fields.or(page.getByRole('combobox', name)).fill(text);
    }
    if (give)
      await page.getByLabel(give[0]).setInputFiles({ name: give[1], mimeType: '', buffer: Buffer.from(give[2]) });
    // A fold in a small window alone.
    if (unfold) for (const fold of await page.locator('summary', { hasText: unfold }).all()) await fold.click();
    if (press) await page.getByRole('button', { name: press, exact: true }).click();
    if (open) await page.locator('summary', { hasText: open }).last().click();
    if (see) await page.getByLabel(see, { exact: true }).scrollIntoViewIfNeeded();
    if (turn) await page.getByRole('switch', { name: turn, exact: true }).click();
    if (choose) await page.getByRole('menuitem', { name: choose, exact: true }).click();
  }
  if (language !== 'en') await page.evaluate((wanted) => window.screens.speak(wanted), language);
  await page.mouse.move(0, 0);
}
