/** The fingerprint of a certificate, cut between its pairs of digits only. */
import { CopyButton } from '../../ui/copy-button.tsx';

export function Fingerprint({ of, copy }: { of: string; copy?: string }) {
  return (
    <span className="fingerprint">
      <span>{of.replaceAll(':', ':\u200b')}</span>
      {copy === undefined ? null : <CopyButton text={of} label={copy} />}
    </span>
  );
}
