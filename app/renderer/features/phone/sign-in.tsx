/** The first page: sign in to an office, or make one on this computer. */
import { Building2 } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useOffice, useProfile, useStores } from '../../store/context.tsx';
import { profileOf } from '../../store/profile-store.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { HostSwitch } from '../office/host-switch.tsx';
import { HowItWorks } from '../office/how-it-works.tsx';
import { useSubmit } from '../use-submit.ts';
import { NoKeychain } from './password-prompt.tsx';

export function SignIn() {
  return (
    <div className="sign-in">
      <SignInForm />
      <section className="card sign-in-host" aria-label="Your own office">
        <Building2 aria-hidden="true" className="sign-in-icon" />
        <HostSwitch />
        <HowItWorks />
      </section>
    </div>
  );
}

function SignInForm() {
  const { profile } = useStores();
  const secrets = useProfile((state) => profileOf(state)?.secrets);
  const ownServer = useOffice((state) => (state.office?.state === 'on' ? state.office.server : ''));
  const submit = useSubmit();
  const [tried, setTried] = useState(false);
  const [form, setForm] = useState({ number: '', password: '', server: ownServer, outboundProxy: '' });
  const change = (field: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm((now) => ({ ...now, [field]: event.target.value }));

  // An office that starts on this computer is most likely the one to sign in to.
  useEffect(() => {
    if (ownServer) setForm((now) => (now.server ? now : { ...now, server: ownServer }));
  }, [ownServer]);

  const { number, server } = splitAddress(form.number, form.server);
  const errors = {
    number: number ? undefined : 'Type your number.',
    password: form.password ? undefined : 'Type your password.',
    server: server ? undefined : 'Type the server of your office.',
  };
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (errors.number || errors.password || errors.server) return;
    const { password, outboundProxy } = form;
    await submit.send(() =>
      profile.getState().signIn({ number, password, server, outboundProxy: outboundProxy.trim(), displayName: '' }),
    );
  };

  return (
    <form className="card form sign-in-form" onSubmit={(event) => void send(event)} noValidate>
      <h1>Sign in to your office</h1>
      {submit.problem ? (
        <Banner kind="danger" urgent>
          {submit.problem}
        </Banner>
      ) : null}
      <div className="field-pair">
        <TextField
          label="Number"
          placeholder="1001"
          autoFocus
          value={form.number}
          error={tried ? errors.number : undefined}
          onChange={change('number')}
        />
        <TextField
          label="Password"
          type="password"
          value={form.password}
          error={tried ? errors.password : undefined}
          onChange={change('password')}
        />
      </div>
      <TextField
        label="Server"
        placeholder="office.example or 192.0.2.10"
        value={form.server}
        error={tried ? errors.server : undefined}
        onChange={change('server')}
      />
      <TextField
        label="Outbound proxy"
        hint="Usually empty"
        value={form.outboundProxy}
        onChange={change('outboundProxy')}
      />
      {secrets === 'asked' ? <NoKeychain /> : null}
      <Button kind="primary" type="submit" disabled={submit.busy}>
        Sign in
      </Button>
    </form>
  );
}

/** Lets `1001@office.example` in the first field stand for number and server. */
function splitAddress(number: string, server: string): { number: string; server: string } {
  const typed = number.trim().replace(/^sips?:/i, '');
  const at = typed.lastIndexOf('@');
  if (at < 0) return { number: typed, server: server.trim() };
  return { number: typed.slice(0, at), server: server.trim() || typed.slice(at + 1) };
}
