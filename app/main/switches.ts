/** Chromium's switches that sound needs; they count only when set before the program is ready. */
import type { CommandLine } from 'electron';

export function setSwitches(commandLine: CommandLine): void {
  // The window speaks WebRTC to the phone service on 127.0.0.1, which Chromium otherwise refuses as a candidate …
  commandLine.appendSwitch('allow-loopback-in-peer-connection');
  // … and would hide behind a multicast name that nobody answers.
  const disabled = commandLine.getSwitchValue('disable-features');
  commandLine.appendSwitch('disable-features', [disabled, 'WebRtcHideLocalIpsWithMdns'].filter(Boolean).join(','));
  // Ringing starts without a click, since the click is what it asks for.
  commandLine.appendSwitch('autoplay-policy', 'no-user-gesture-required');
}
