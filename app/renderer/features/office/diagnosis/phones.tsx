/** All phones of the office: those that are registered now and from where, and those with a password of their own. */
import { t } from '@lingui/core/macro';
import { KeyRound, Smartphone } from 'lucide-react';
import { useState } from 'react';
import { useStores } from '../../../store/context.tsx';
import type { BindingInfo, DeviceInfo } from '../../../store/office-types.ts';
import { untilWords } from '../../../store/office-words.ts';
import { useOfficeList } from '../../../store/use-office.ts';
import { devicesWords } from '../../../store/words.ts';
import { NameAndNumber } from '../../../ui/name-and-number.tsx';
import { RowButton } from '../../../ui/row-button.tsx';
import { Select } from '../../../ui/select.tsx';
import { useNow } from '../../../ui/use-now.ts';
import { DomainSelect } from '../domain-select.tsx';
import { FindField } from '../find-field.tsx';
import { ListPane } from '../list-pane.tsx';
import { bindingList, deviceList } from '../users/lists.ts';
import { SignOutButton } from '../users/sign-out-button.tsx';

type Which = 'registered' | 'own';

/** Each phone of a user is a row. */
const everyBinding: typeof bindingList = {
  ...bindingList,
  keyOf: ({ aor, contact, regId }) => `${aor} ${contact} ${regId}`,
};

export function Phones() {
  const [text, setText] = useState('');
  const [domain, setDomain] = useState('');
  const [which, setWhich] = useState<Which>('registered');
  const wanted = text.trim();
  return (
    <>
      <p className="note">{t`Whose phone has this address, and which phones can be reached at all?`}</p>
      <div className="filters">
        <FindField
          label={t`Find a phone`}
          placeholder={t`Number, address, device or program`}
          text={text}
          onChange={setText}
        />
        <Select<Which>
          label={t`Which phones`}
          hideLabel
          value={which}
          choices={[
            ['registered', t`Registered now`],
            ['own', t`With a password of their own`],
          ]}
          onChange={setWhich}
        />
        {which === 'own' ? <DomainSelect domain={domain} onChange={setDomain} /> : null}
      </div>
      {which === 'registered' ? <Registered wanted={wanted} /> : <WithPassword wanted={wanted} domain={domain} />}
    </>
  );
}

const nothingFor = (wanted: string): string | undefined => (wanted ? t`No phone matches “${wanted}”.` : undefined);

function Registered({ wanted }: { readonly wanted: string }) {
  const now = useNow(true);
  const list = useOfficeList(bindingList, wanted ? { text: wanted } : {});
  return (
    <ListPane
      label={t`Phones registered now`}
      list={list}
      spec={everyBinding}
      nothing={nothingFor(wanted)}
      empty={{
        icon: Smartphone,
        title: t`No phone is registered`,
        children: <p className="note">{t`A phone stands here once it has signed in with its number and password.`}</p>,
      }}
      row={(binding) => <BindingRow binding={binding} now={now} />}
    />
  );
}

function BindingRow({ binding, now }: { readonly binding: BindingInfo; readonly now: number }) {
  const { aor, device, userAgent, received, contact, expiresAt } = binding;
  const name = device || userAgent || t`Unknown program`;
  const words = [aor, received || contact, untilWords(expiresAt, now)].join(' · ');
  return (
    <div className="user-row told row-pressed">
      <Smartphone aria-hidden="true" className="row-icon" />
      <OpenUser aor={aor} what={name} />
      <NameAndNumber name={name} number="" />
      <p className="user-devices person-state">
        <span className="user-devices-text" title={`${words} · ${contact}`}>
          {words}
        </span>
      </p>
      <div className="row-actions">
        <SignOutButton binding={binding} />
      </div>
    </div>
  );
}

function WithPassword({ wanted, domain }: { readonly wanted: string; readonly domain: string }) {
  const list = useOfficeList(deviceList, {
    sort: 'label',
    ...(wanted ? { text: wanted } : {}),
    ...(domain ? { domain } : {}),
  });
  return (
    <ListPane
      label={t`Devices with their own password`}
      list={list}
      spec={deviceList}
      nothing={nothingFor(wanted)}
      empty={{
        icon: KeyRound,
        title: t`No device has a password of its own`,
        children: (
          <p className="note">{t`One is given on the page of a user, so that a lost phone is shut out alone.`}</p>
        ),
      }}
      row={(device) => <DeviceRow device={device} />}
    />
  );
}

function DeviceRow({ device: { label, number, domain, bindings } }: { readonly device: DeviceInfo }) {
  const aor = `${number}@${domain}`;
  return (
    <div className="user-row row-pressed">
      <KeyRound aria-hidden="true" className="row-icon" />
      <OpenUser aor={aor} what={label} />
      <NameAndNumber name={label} number={aor} />
      <p className="user-devices" data-some={bindings > 0 ? '' : undefined}>
        <span className="dot" aria-hidden="true" />
        <span className="user-devices-text">{devicesWords(bindings)}</span>
      </p>
    </div>
  );
}

function OpenUser({ aor, what }: { readonly aor: string; readonly what: string }) {
  const { office } = useStores();
  const at = aor.lastIndexOf('@');
  const user = { number: aor.slice(0, at), domain: aor.slice(at + 1) };
  return (
    <RowButton
      label={t`Open the user of ${what}`}
      title={what}
      onClick={() => office.getState().open({ page: 'users', user })}
    />
  );
}
