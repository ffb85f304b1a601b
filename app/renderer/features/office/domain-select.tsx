/** The domain of which a listing is shown; nothing to choose where there is one. */
import { t } from '@lingui/core/macro';
import { useOfficeAnswer } from '../../store/use-office.ts';
import { Select } from '../../ui/select.tsx';

export interface DomainSelectProps {
  /** Empty: all of them. */
  readonly domain: string;
  onChange(domain: string): void;
}

export function DomainSelect({ domain, onChange }: DomainSelectProps) {
  const status = useOfficeAnswer('status', {});
  const domains = status.state === 'ready' ? status.value.domains : [];
  if (domains.length < 2) return null;
  return (
    <Select
      label={t`Domain`}
      hideLabel
      value={domain}
      choices={[['', t`All domains`] as const, ...domains.map((one) => [one, one] as const)]}
      onChange={onChange}
    />
  );
}
