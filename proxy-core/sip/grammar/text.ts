/** Between binary strings (one character a byte, as messages travel) and text that people read (UTF-8, RFC 3261 §25). */

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** Bytes to text; what is not UTF-8 is read as Latin-1, as old phones send it. */
export function toText(bytes: string): string {
  if (isAscii(bytes)) return bytes;
  let escaped = '';
  for (let i = 0; i < bytes.length; i++) {
    escaped += `%${(bytes.charCodeAt(i) & 0xff).toString(16).padStart(2, '0')}`;
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    return bytes;
  }
}

/** Text to bytes in UTF-8; a lone surrogate becomes U+FFFD. */
export function toBytes(text: string): string {
  if (isAscii(text)) return text;
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return encodeURIComponent(whole).replace(/%([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
