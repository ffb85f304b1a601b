/** Where people come from besides one's own contacts: address books and directories on servers, and adding one. Each change holds at once. */
import { t } from '@lingui/core/macro';
import { KeyRound, Pencil, Plus, RefreshCw, Trash2 } from 'lucide-react';
import { useState } from 'react';
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

interface DirectoryProps {
  readonly directory: DirectoryView;
  readonly submit: Submit;
  onEdit(): void;
}

function Directory({ directory, submit, onEdit }: DirectoryProps) {
  const { directories } = useStores();
  const { id, reason, base, user } = directory;
  const name = directoryName(directory);
  return (
    <section className="books-server" aria-label={name}>
      <header className="books-head">
        <div className="user-words">
          <p className="user-name" title={directory.server}>
            {name}
          </p>
          <p className="user-number">{[user === '' ? '' : user, base].filter(Boolean)[0] ?? directory.server}</p>
        </div>
        <Menu label={t`More for ${name}`}>
          <MenuItem icon={Pencil} onSelect={onEdit}>
            {t`Edit…`}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => void submit.send(() => directories.getState().remove(id))}>
            {t`Remove from this computer`}
          </MenuItem>
        </Menu>
      </header>
      {reason === '' ? null : (
        <Banner kind="warning" actions={<Button onClick={onEdit}>{t`Edit…`}</Button>}>
          {said(reason)}
        </Banner>
      )}
    </section>
  );
}

function Server({ server, submit, onSignIn }: { server: BooksView; submit: Submit; onSignIn(): void }) {
  const { books } = useStores();
  const { use, sync, remove } = books.getState();
  const { id, state, reason } = server;
  const name = shortAddress(server.server);
  return (
    <section className="books-server" aria-label={name}>
      <header className="books-head">
        <div className="user-words">
          <p className="user-name" title={server.server}>
            {name}
          </p>
          <p className="user-number" role="status">
            {stateWords(server)}
          </p>
        </div>
        <Menu label={t`More for ${name}`}>
          <MenuItem icon={RefreshCw} onSelect={() => void submit.send(() => sync(id))}>
            {t`Look for changes now`}
          </MenuItem>
          <MenuItem icon={KeyRound} onSelect={onSignIn}>
            {t`Sign in again…`}
          </MenuItem>
          <MenuItem icon={Trash2} danger onSelect={() => void submit.send(() => remove(id))}>
            {t`Remove from this computer`}
          </MenuItem>
        </Menu>
      </header>
      {reason === '' || state === 'syncing' ? null : (
        <Banner
          kind={state === 'failed' ? 'danger' : 'warning'}
          actions={state === 'failed' ? <Button onClick={onSignIn}>{t`Sign in again…`}</Button> : undefined}
        >
          {said(reason)}
        </Banner>
      )}
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
    </section>
  );
}
