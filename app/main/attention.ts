/** Shows at the taskbar and the dock that a call comes in; the small window shows whose. Neither takes the keyboard. */
import type { App, BrowserWindow } from 'electron';

export function showAttention(window: BrowserWindow, app: App, reason: 'incoming-call' | 'none'): void {
  const wanted = reason === 'incoming-call';
  window.flashFrame(wanted && window.isVisible() && !window.isFocused());
  if (wanted) app.dock?.bounce('critical');
}
