/** The picture of a contact: chosen from a file, made small, or taken away. */
import { t } from '@lingui/core/macro';
import { useRef, useState } from 'react';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { smallPhoto } from './small-photo.ts';

export interface PhotoFieldProps {
  readonly name: string;
  readonly photo: string | undefined;
  onChange(photo: string | null): void;
}

export function PhotoField({ name, photo, onChange }: PhotoFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [failed, setFailed] = useState(false);
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    const small = await smallPhoto(file);
    setFailed(small === undefined);
    if (small !== undefined) onChange(small);
  };
  return (
    <div className="photo-field">
      <Avatar name={name} size="large" photo={photo} />
      <input
        ref={input}
        type="file"
        hidden
        accept="image/png,image/jpeg,image/webp,image/gif"
        aria-label={t`File of the picture`}
        onChange={({ target }) => {
          void take(target.files?.[0]);
          target.value = '';
        }}
      />
      <Button kind="quiet" onClick={() => input.current?.click()}>
        {photo ? t`Change picture` : t`Add picture`}
      </Button>
      {photo ? (
        <Button kind="quiet" onClick={() => onChange(null)}>
          {t`Remove picture`}
        </Button>
      ) : null}
      {failed ? (
        <p className="field-error" role="alert">
          {t`This file is no picture that can be shown.`}
        </p>
      ) : null}
    </div>
  );
}
