/** The page's scheme gives out nothing but the page. */
import { expect, it } from 'vitest';
import { pathBelow } from '../../../../app/main/page-path.ts';

it.each([
  ['app://tandem/index.html', '/built/index.html'],
  ['app://tandem/assets/a.js?x=1#y', '/built/assets/a.js'],
  ['app://tandem/assets/%61.js', '/built/assets/a.js'],
  ['app://tandem/../main/index.cjs', '/built/main/index.cjs'],
  ['app://tandem/..%2fmain/index.cjs', undefined],
  ['app://tandem/a/..%2f..%2f..%2fetc/passwd', undefined],
  ['app://tandem/..%2fbuilt-by-another/x', undefined],
  ['app://tandem/%00', undefined],
  ['app://tandem/%', undefined],
  // The folder itself is no file: reading it fails.
  ['app://tandem/', '/built/'],
  ['app://other/index.html', undefined],
  ['file:///built/index.html', undefined],
  ['no address', undefined],
])('%s', (address, path) => {
  expect(pathBelow('/built', address)).toBe(path);
});
