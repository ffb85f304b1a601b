/** Shows that a call comes in without taking the keyboard away from whatever the person is typing. */
import type { App, BrowserWindow } from 'electron';

export function showAttention(window: BrowserWindow, app: App, reason: 'incoming-call' | 'none'): void {
  const wanted = reason === 'incoming-call';
  window.flashFrame(wanted && !window.isFocused());
  if (!wanted) return;
  if (window.isMinimized() || !window.isVisible()) window.showInactive();
  window.moveTop();
  app.dock?.bounce('critical');
}
