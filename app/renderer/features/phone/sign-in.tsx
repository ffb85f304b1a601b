/** The first page: join an office by a code or with a password, or make one on this computer. */
import { t } from '@lingui/core/macro';
import { useOffice } from '../../store/context.tsx';
import { officeProblem } from '../../store/office-store.ts';
import { SignInForm } from '../account/sign-in-form.tsx';
import { CodeForm } from '../join/code-form.tsx';
import { LanguageSelect } from '../language/language-select.tsx';
import { HostSwitch } from '../office/host-switch.tsx';
import { HowItWorks } from '../office/how-it-works.tsx';
import { OfficeProblem } from '../office/office-problem.tsx';

export function SignIn() {
  const troubled = useOffice((state) => officeProblem(state) !== undefined);
  return (
    <div className="sign-in">
      <section className="card sign-in-card" aria-labelledby="sign-in-title">
        <h1 id="sign-in-title">{t`Join your office`}</h1>
        <CodeForm />
        <p className="sign-in-or">{t`or without a code`}</p>
        <SignInForm isSecond />
      </section>
      <section className="card sign-in-host" aria-label={t`Your own office`}>
        <HostSwitch />
        <OfficeProblem />
        {troubled ? null : <HowItWorks />}
      </section>
      <section className="card" aria-label={t`Language`}>
        <LanguageSelect />
      </section>
    </div>
  );
}
