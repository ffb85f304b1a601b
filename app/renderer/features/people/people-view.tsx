/** Everybody one knows: contacts and whoever is watched, favourites first; finding, adding, calling. */
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { BookUser, Eye, UserRoundCheck, UserRoundPlus, UsersRound } from 'lucide-react';
import {
  type DragEvent,
  Fragment,
  lazy,
  Suspense,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { said } from '../../../words/said.ts';
import type { Colleague, Lamps } from '../../store/colleagues.ts';
import { newContact } from '../../store/contact-store.ts';
import {
  useBooks,
  useColleagues,
  useContacts,
  useDirectories,
  usePhone,
  useProfile,
  useStores,
} from '../../store/context.tsx';
import { indexed } from '../../store/number-index.ts';
import { isHere, type Person, peopleOf } from '../../store/people.ts';
import { groupsOf, knownNumbers } from '../../store/people-groups.ts';
import { callingAccount } from '../../store/phone-store.ts';
import { profileOf } from '../../store/profile-store.ts';
import type { ContactEdit } from '../../store/types.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Problem } from '../../ui/problem.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { UndoBanner } from '../../ui/undo-banner.tsx';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { MailboxNotice } from '../phone/mailbox-notice.tsx';
import { ContactDialog } from './contact-dialog.tsx';
import { FileItems } from './file-menu.tsx';
import type { FileOfContacts } from './import-dialog.tsx';
import { PersonRow } from './person-row.tsx';
import { sourceName } from './source-name.ts';
import { SourcesDialog } from './sources.tsx';
import { WatchDialog } from './watch-dialog.tsx';

type Doing =
  | { readonly what: 'edit'; readonly contact: ContactEdit }
  | { readonly what: 'import'; readonly file: FileOfContacts }
  | { readonly what: 'watch' }
  | { readonly what: 'sources' };

/** What reads files is fetched with the first one. */
const reading = () => import('./import-dialog.tsx');
const ImportDialog = lazy(async () => ({ default: (await reading()).ImportDialog }));

const ROW_PX = 57;
const DARK: Lamps = new Map();

export function PeopleView() {
  const { contacts, directories, planOf } = useStores();
  const watched = usePhone((state) => state.people);
  const known = useContacts((state) => state.contacts);
  const problem = useContacts((state) => state.problem);
  const undoable = useContacts((state) => state.undoable);
  const dialProblem = usePhone((state) => state.dialProblem);
  const accounts = useProfile((state) => profileOf(state)?.accounts);
  const calling = usePhone((state) => callingAccount(state)?.id);
  const [typed, setTyped] = useState('');
  const [doing, setDoing] = useState<Doing>();
  const wanted = useDeferredValue(typed);
  const account = accounts?.find(({ id }) => id === calling) ?? accounts?.[0];
  const { country } = planOf();
  const users = useColleagues((state) => state.people);
  const [onlyHere, setOnlyHere] = useState(false);
  // Rows follow their own lamps; who is in the list depends on them only here.
  const lamps = useColleagues((state) => (onlyHere ? state.lamps : DARK));
  const colleagueAt = useMemo(() => {
    const find = indexed<Colleague>(({ number, domain }) => [number, `${number}@${domain}`])(users, country);
    return (number: string) => find.find(number)[0];
  }, [users, country]);
  const { top: favourites, others } = useMemo(
    () => peopleOf(known ?? [], watched, wanted, country, colleagueAt),
    [known, watched, wanted, country, colleagueAt],
  );
  const servers = useBooks((state) => state.servers);
  const listings = useDirectories((state) => state.directories);
  const found = useDirectories((state) => state.found);
  const looking = useDirectories((state) => state.looking);
  const isKnown = useMemo(() => knownNumbers(known ?? [], watched, country), [known, watched, country]);
  const everybody = useMemo(
    () => groupsOf(others, { isKnown, users, found }, wanted),
    [others, isKnown, users, found, wanted],
  );
  const shown = (people: readonly Person[]) => (onlyHere ? people.filter((one) => isHere(one, lamps)) : people);
  const top = shown(favourites);
  const groups = everybody
    .map(({ source, people }) => ({ source, people: shown(people) }))
    .filter(({ people }) => people.length > 0);
  useEffect(() => directories.getState().look(wanted), [directories, wanted]);
  const unanswered = wanted === '' ? [] : listings.filter(({ reason }) => reason !== '');
  const isEmpty = (known?.length ?? 0) + watched.length + users.length + listings.length === 0;
  const add = () => setDoing({ what: 'edit', contact: newContact() });
  const edit = (contact: ContactEdit) => setDoing({ what: 'edit', contact });

  const input = useRef<HTMLInputElement>(null);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const { readFile } = await reading();
    setDoing({ what: 'import', file: await readFile(file) });
  };
  const drop = {
    onDragOver(event: DragEvent) {
      if (event.dataTransfer.types.includes('Files')) event.preventDefault();
    },
    onDrop(event: DragEvent) {
      event.preventDefault();
      void take(event.dataTransfer.files[0]);
    },
  };

  const rows = (label: string, people: readonly Person[]) =>
    people.length === 0 ? null : (
      <VirtualList
        label={label}
        count={people.length}
        rowHeight={ROW_PX}
        rowClass="user-row person-row"
        itemAt={(place) => people[place]}
        keyOf={({ key }) => key}
        row={(person) => <PersonRow person={person} accounts={accounts ?? []} onEdit={edit} />}
      />
    );

  return (
    <div className="page people" {...drop}>
      <header className="people-head">
        <h1>{t`People`}</h1>
        <div className="people-tools">
          <Button kind="primary" icon={UserRoundPlus} onClick={add}>
            {t`Add contact`}
          </Button>
          <Menu label={t`More for people`}>
            {account ? (
              <MenuItem icon={Eye} onSelect={() => setDoing({ what: 'watch' })}>
                {t`Watch somebody…`}
              </MenuItem>
            ) : null}
            <FileItems input={input} />
            <MenuItem icon={BookUser} onSelect={() => setDoing({ what: 'sources' })}>
              {t`Address books and directories…`}
            </MenuItem>
          </Menu>
          <input
            ref={input}
            type="file"
            hidden
            accept=".vcf,.vcard,.csv,.tsv,.txt,text/vcard,text/csv"
            aria-label={t`File of contacts`}
            onChange={({ target }) => {
              void take(target.files?.[0]);
              target.value = '';
            }}
          />
        </div>
      </header>
      {isEmpty ? null : (
        <div className="people-find">
          <TextField
            label={t`Find people`}
            placeholder={t`Name, company or number`}
            hideLabel
            type="search"
            dir="auto"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
          {users.length + watched.length === 0 ? null : (
            <Button icon={UserRoundCheck} aria-pressed={onlyHere} onClick={() => setOnlyHere(!onlyHere)}>
              {t`Here now`}
            </Button>
          )}
        </div>
      )}
      <MailboxNotice />
      <Problem>{problem ?? dialProblem}</Problem>
      {undoable ? (
        <UndoBanner
          words={undoable.words}
          onUndo={() => void contacts.getState().undo()}
          onClose={() => contacts.getState().settle()}
        />
      ) : null}
      {isEmpty && known !== undefined && problem === undefined ? (
        <EmptyState icon={UsersRound} title={t`Nobody yet`}>
          <p className="note">{t`Names of your contacts are shown when they call, and found where you type a number.`}</p>
        </EmptyState>
      ) : null}
      {top.length > 0 ? <h2 className="people-part">{t`Favourites`}</h2> : null}
      {rows(t`Favourites`, top)}
      {groups.map(({ source, people }) => {
        const label = sourceName(source, servers, listings);
        // One group alone needs no name.
        const isNamed = top.length > 0 || groups.length > 1 || source !== 'own';
        return (
          <Fragment key={source}>
            {isNamed ? <h2 className="people-part">{label}</h2> : null}
            {rows(label, people)}
          </Fragment>
        );
      })}
      {looking === '' ? null : (
        <p className="note" role="status">
          {t`Looking in directories…`}
        </p>
      )}
      {unanswered.map((directory) => (
        <p key={directory.id} className="note">
          {said(directory.reason)}
        </p>
      ))}
      {!isEmpty && known !== undefined && looking === '' && top.length + groups.length === 0 ? (
        <Nobody wanted={wanted} onlyHere={onlyHere} />
      ) : null}
      {doing?.what === 'edit' ? <ContactDialog contact={doing.contact} onClose={() => setDoing(undefined)} /> : null}
      {doing?.what === 'import' ? (
        <Suspense>
          <ImportDialog file={doing.file} onClose={() => setDoing(undefined)} />
        </Suspense>
      ) : null}
      {doing?.what === 'sources' ? <SourcesDialog onClose={() => setDoing(undefined)} /> : null}
      {doing?.what === 'watch' && account ? (
        <WatchDialog account={account} onClose={() => setDoing(undefined)} />
      ) : null}
    </div>
  );
}

/** Why the list is empty, though there are people. */
function Nobody({ wanted, onlyHere }: { readonly wanted: string; readonly onlyHere: boolean }) {
  if (wanted === '' && !onlyHere) return null;
  return (
    <p className="note" role="status">
      {wanted === '' ? t`Nobody is here now.` : null}
      {wanted !== '' && onlyHere ? <Trans>Nobody who is here matches “{wanted}”.</Trans> : null}
      {wanted !== '' && !onlyHere ? <Trans>Nobody matches “{wanted}”.</Trans> : null}
    </p>
  );
}
