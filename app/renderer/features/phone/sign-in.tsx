/** The first page: sign in to an office, or make one on this computer. */

import { SignInForm } from '../account/sign-in-form.tsx';
import { HostSwitch } from '../office/host-switch.tsx';
import { HowItWorks } from '../office/how-it-works.tsx';

export function SignIn() {
  return (
    <div className="sign-in">
      <section className="card sign-in-card" aria-labelledby="sign-in-title">
        <h1 id="sign-in-title">Sign in to your office</h1>
        <SignInForm />
      </section>
      <section className="card sign-in-host" aria-label="Your own office">
        <HostSwitch />
        <HowItWorks />
      </section>
    </div>
  );
}
