/** The shapes that features and ui may know, given on from the contracts below the stores. */
export type { BooksSignedIn } from '../../shared/address-books.ts';
export type { Account, OfficeState, Outcome, Profile } from '../../shared/bridge.ts';
export type { CallSettings } from '../../shared/call-settings.ts';
export type { CertificateProblem } from '../../shared/connection-settings.ts';
export type { Contact, ContactEdit, ContactNumber, NumberKind } from '../../shared/contact.ts';
export type {
  DesktopCommand,
  DesktopSettings,
  MainWindow,
  Notice,
  SmallWindow,
  TrayFacts,
} from '../../shared/desktop.ts';
export {
  DIAL_PREFIX,
  type DialRule,
  fitsPattern,
  LEAST_OUTSIDE_DIGITS,
  MAX_DIAL_RULES,
  MAX_DIAL_TEXT,
  MOST_OUTSIDE_DIGITS,
  NUMBER_FORMS,
  type NumberForm,
} from '../../shared/dialling.ts';
export type { PastCall, PastRecording, QualitySummary } from '../../shared/history.ts';
export { LANGUAGES, type Language } from '../../shared/language.ts';
export type { OfficeUser } from '../../shared/office-admin.ts';
export type { IceView } from '../../shared/phone-port.ts';
export type { SoundDevice, SoundRole } from '../../shared/sound-settings.ts';
export { MAX_WRITTEN, type OutgoingMessage, type TextMessage } from '../../shared/text-message.ts';
export type {
  AccountDevices,
  AccountSnapshot,
  CallQuality,
  CallSnapshot,
  CallState,
  ElsewhereCall,
  MailboxSnapshot,
  OfficeSnapshot,
  OwnDevice,
  PersonSnapshot,
  RecordingView,
  SoundFigures,
} from '../softphone/snapshots.ts';
