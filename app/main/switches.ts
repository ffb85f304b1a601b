/** Chromium's switches that sound and keys need; they count only when set before the program is ready. */
import type { CommandLine } from 'electron';

const SOUND_RESTS_AFTER_MS = 30_000;

export function setSwitches(commandLine: CommandLine): void {
  // The window speaks WebRTC to the phone service on 127.0.0.1, which Chromium otherwise refuses as a candidate …
  commandLine.appendSwitch('allow-loopback-in-peer-connection');
  // … and would hide behind a multicast name that nobody answers.
  const disabled = commandLine.getSwitchValue('disable-features');
  commandLine.appendSwitch('disable-features', [disabled, 'WebRtcHideLocalIpsWithMdns'].filter(Boolean).join(','));
  // Wayland lets a program have keys only through its portal.
  const enabled = commandLine.getSwitchValue('enable-features');
  commandLine.appendSwitch('enable-features', [enabled, 'GlobalShortcutsPortal'].filter(Boolean).join(','));
  // Looking at the sound devices starts a process of 17 MB, which nobody needs between calls. Elsewhere Chromium hears of new
  // devices through it and keeps it.
  commandLine.appendSwitch('audio-service-quit-timeout-ms', String(SOUND_RESTS_AFTER_MS));
  // Ringing starts without a click, since the click is what it asks for.
  commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
}
