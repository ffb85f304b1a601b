/** Chromium's switches that sound and keys need; they count only when set before the program is ready. */
import type { CommandLine } from 'electron';

export function setSwitches(commandLine: CommandLine): void {
  // The window speaks WebRTC to the phone service on 127.0.0.1, which Chromium otherwise refuses as a candidate …
  commandLine.appendSwitch('allow-loopback-in-peer-connection');
  // … and would hide behind a multicast name that nobody answers.
  const disabled = commandLine.getSwitchValue('disable-features');
  commandLine.appendSwitch('disable-features', [disabled, 'WebRtcHideLocalIpsWithMdns'].filter(Boolean).join(','));
  // Wayland lets a program have keys only through its portal.
  const enabled = commandLine.getSwitchValue('enable-features');
  commandLine.appendSwitch('enable-features', [enabled, 'GlobalShortcutsPortal'].filter(Boolean).join(','));
  // Ringing starts without a click, since the click is what it asks for.
  commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
}
