/** Keys as they are pressed, in the words of accelerators. */
import { expect, it } from 'vitest';
import { acceleratorOf, keyWords } from '../../../../../app/renderer/store/pressed-key.ts';

const none = { ctrlKey: false, altKey: false, shiftKey: false, metaKey: false };

it.each([
  [{ code: 'KeyA', ctrlKey: true, altKey: true }, 'Control+Alt+A', 'Ctrl + Alt + A'],
  [{ code: 'Digit7', metaKey: true, shiftKey: true }, 'Shift+Super+7', 'Shift + Super + 7'],
  [{ code: 'Numpad5', altKey: true }, 'Alt+num5', 'Alt + num5'],
  [{ code: 'F9' }, 'F9', 'F9'],
  [{ code: 'F24', shiftKey: true }, 'Shift+F24', 'Shift + F24'],
  [{ code: 'MediaPlayPause' }, 'MediaPlayPause', 'MediaPlayPause'],
  [{ code: 'ArrowUp', ctrlKey: true }, 'Control+Up', 'Ctrl + Up'],
])('%j is %s', (pressed, accelerator, words) => {
  expect(acceleratorOf({ ...none, ...pressed })).toBe(accelerator);
  expect(keyWords(accelerator)).toBe(words);
});

it.each([
  { code: 'KeyA' },
  { code: 'KeyA', shiftKey: true },
  { code: 'Space' },
  { code: 'F25' },
  { code: 'ControlLeft' },
  { code: '' },
])('%j is no key to take for oneself', (pressed) => {
  expect(acceleratorOf({ ...none, ...pressed })).toBeUndefined();
});
