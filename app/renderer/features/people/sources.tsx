/** Where people come from besides one's own contacts: address books and directories on servers, and adding one. Each change holds at once. */
import { t } from '@lingui/core/macro';
import { KeyRound, Pencil, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { said } from '../../../words/said.ts';
import type { BooksView } from '../../store/books-store.ts';
import { useBooks, useDirectories, useStores } from '../../store/context.tsx';
import { type DirectoryView, directoryName } from '../../store/directory-store.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Switch } from '../../ui/switch.tsx';
import { type Submit, useSubmit } from '../use-submit.ts';
import { BooksSignInDialog } from './books-sign-in-dialog.tsx';
import { countWords, shortAddress, stateWords, unreadWords } from './books-words.ts';
import { DirectoryDialog } from './directory-dialog.tsx';

/** `null` is one that is new. */
type Open = { readonly books: BooksView | null } | { readonly directory: DirectoryView | null } | undefined;

export function SourcesDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={t`Address books and directories`} onClose={onClose}>
      <Sources />
    </Dialog>
  );
}

export function Sources() {
  const servers = useBooks((state) => state.servers);
  const directories = useDirectories((state) => state.directories);
  const submit = useSubmit();
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  return (
    <div className="sources">
      <Problem>{submit.problem}</Problem>
      {servers.length === 0 ? (
        <p className="note">
          {t`Contacts on a server, such as Nextcloud or your mail provider (CardDAV), can stand beside your own and stay in step.`}
        </p>
      ) : null}
      {servers.map((server) => (
        <Server key={server.id} server={server} submit={submit} onSignIn={() => setOpen({ books: server })} />
      ))}
      {directories.length === 0 ? (
        <p className="note">
          {t`A directory of the company (LDAP, Active Directory) is searched while you type, and asked who calls.`}
        </p>
      ) : null}
      {directories.map((directory) => (
        <Directory key={directory.id} {...{ directory, submit }} onEdit={() => setOpen({ directory })} />
      ))}
      <div className="sources-add">
        <Button icon={Plus} onClick={() => setOpen({ books: null })}>
          {t`Add address books…`}
        </Button>
        <Button icon={Plus} onClick={() => setOpen({ directory: null })}>
          {t`Add directory…`}
        </Button>
      </div>
      {open && 'books' in open ? <BooksSignInDialog known={open.books} onClose={close} /> : null}
      {open && 'directory' in open ? <DirectoryDialog known={open.directory} onClose={close} /> : null}
    </div>
  );
}

interface SourceFault {
  readonly kind: 'danger' | 'warning';
  readonly reason: string;
  readonly remedy?: ReactNode;
}

interface SourceProps {
  readonly name: string;
  /** The whole address of its server. */
  readonly server: string;
  /** How it stands, or who asks it. */
  readonly words: string;
  /** Of its menu, before what takes it away. */
  readonly items: ReactNode;
  readonly fault: SourceFault | null;
  readonly children?: ReactNode;
  onRemove(): void;
}

function Source({ name, server, words, items, fault, children, onRemove }: SourceProps) {
  return (
    <section className="source" aria-label={name}>
      <header className="source-head">
        <div className="user-words">
          <p className="user-name" title={server}>
            {name}
          </p>
          <p className="user-number" role="status">
            {words}
          </p>
        </div>
        <Menu label={t`More for ${name}`}>
          {items}
          <MenuItem icon={Trash2} danger onSelect={onRemove}>
            {t`Remove from this computer`}
          </MenuItem>
        </Menu>
      </header>
      {fault ? (
        <Banner kind={fault.kind} actions={fault.remedy}>
          {said(fault.reason)}
        </Banner>
      ) : null}
      {children}
    </section>
  );
}

interface DirectoryProps {
  readonly directory: DirectoryView;
  readonly submit: Submit;
  onEdit(): void;
}

function Directory({ directory, submit, onEdit }: DirectoryProps) {
  const { directories } = useStores();
  const { id, reason, base, user, server } = directory;
  return (
    <Source
      name={directoryName(directory)}
      server={server}
      words={user || base || server}
      items={
        <MenuItem icon={Pencil} onSelect={onEdit}>
          {t`Edit…`}
        </MenuItem>
      }
      fault={reason ? { kind: 'warning', reason, remedy: <Button onClick={onEdit}>{t`Edit…`}</Button> } : null}
      onRemove={() => void submit.send(() => directories.getState().remove(id))}
    />
  );
}

interface ServerProps {
  readonly server: BooksView;
  readonly submit: Submit;
  onSignIn(): void;
}

function Server({ server, submit, onSignIn }: ServerProps) {
  const { books } = useStores();
  const { use, sync, remove } = books.getState();
  const { id, state, reason } = server;
  const again = <Button onClick={onSignIn}>{t`Sign in again…`}</Button>;
  const fault: SourceFault =
    state === 'failed' ? { kind: 'danger', reason, remedy: again } : { kind: 'warning', reason };
  return (
    <Source
      name={shortAddress(server.server)}
      server={server.server}
      words={stateWords(server)}
      items={
        <>
          <MenuItem icon={RefreshCw} onSelect={() => void submit.send(() => sync(id))}>
            {t`Look for changes now`}
          </MenuItem>
          <MenuItem icon={KeyRound} onSelect={onSignIn}>
            {t`Sign in again…`}
          </MenuItem>
        </>
      }
      fault={reason === '' || state === 'syncing' ? null : fault}
      onRemove={() => void submit.send(() => remove(id))}
    >
      {server.books.map(({ id: book, name: label, used, writable, count }) => (
        <Switch
          key={book}
          label={label}
          hint={[used ? countWords(count) : '', writable ? '' : t`can only be read`].filter(Boolean).join(' · ')}
          checked={used}
          onChange={(wanted) => void submit.send(() => use(book, wanted))}
        />
      ))}
      {server.unread > 0 ? <p className="note">{unreadWords(server.unread)}</p> : null}
    </Source>
  );
}
