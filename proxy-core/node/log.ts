/** The log: JSON lines to stderr or to a file of bounded size. Secrets are taken out of whatever is handed to it. */
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type DestinationStream,
  type Logger,
  type LoggerOptions,
  destination as openDestination,
  pino,
  stdSerializers,
  stdTimeFunctions,
} from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];
export type Log = Logger;

export interface LogOptions {
  readonly level: LogLevel;
  /** File to write to; stderr without one. The file before it is kept as `<file>.1`. */
  readonly file?: string;
  /** Size in bytes at which a new file is begun. */
  readonly fileBytes?: number;
  /** In place of both, for tests. */
  readonly destination?: { write(line: string): void };
}

/** Throws what the system says when `file` cannot be written. */
export function createLog({ level, file, fileBytes = 8 * 1024 * 1024, destination }: LogOptions): Log {
  const options: LoggerOptions = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: {
      level: (label) => ({ level: label }),
      log: (fields) => scrubFields(fields, 0),
    },
    hooks: {
      logMethod(args, method) {
        method.apply(this, args.map((arg) => (typeof arg === 'string' ? scrubText(arg) : arg)) as typeof args);
      },
    },
    serializers: { err: scrubbedError },
  };
  return pino(options, destination ?? (file === undefined ? standardError() : turningFile(file, fileBytes)));
}

// What proves who someone is: in header fields (RFC 3261 §22.4, RFC 7616) and SDP (RFC 4568).
const CREDENTIALS = /\b((?:proxy-)?authorization\s*:\s*)[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*/gi;
const RESPONSE = /\b((?:response|cnonce|rspauth|password|ha1)\s*=\s*)("[^"]*"|[^\s,;]+)/gi;
const KEYS = /^(a=crypto:\d+\s+\S+\s+inline:)[^\r\n|]+/gim;
const SECRET_FIELD = /^(password|secret|token|response|authorization|proxy-?authorization|ha1\w*|credentials)$/i;
const HIDDEN = '[hidden]';
const DEEPEST = 4;

/** Takes credentials out of a text, such as a SIP message. */
export function scrubText(text: string): string {
  return text.replace(CREDENTIALS, `$1${HIDDEN}`).replace(RESPONSE, `$1${HIDDEN}`).replace(KEYS, `$1${HIDDEN}`);
}

function scrubFields(fields: Record<string, unknown>, depth: number): Record<string, unknown> {
  const scrubbed: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) scrubbed[name] = scrub(name, value, depth);
  return scrubbed;
}

function scrub(name: string, value: unknown, depth: number): unknown {
  if (typeof value === 'string') return SECRET_FIELD.test(name) ? HIDDEN : scrubText(value);
  if (typeof value !== 'object' || value === null || value instanceof Error) return value;
  if (depth >= DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.map((one) => scrub(name, one, depth + 1));
  return scrubFields(value as Record<string, unknown>, depth + 1);
}

function scrubbedError(error: unknown): unknown {
  return error instanceof Error ? scrubFields({ ...stdSerializers.err(error) }, 0) : error;
}

function standardError(): DestinationStream {
  const stream = openDestination({ fd: 2, sync: true });
  // Whoever read stderr may have gone: that must not end the exchange.
  stream.on('error', () => undefined);
  return stream;
}

/** Writes to a file and begins a new one when it is full. A full disk costs lines, not the exchange. */
function turningFile(file: string, fileBytes: number): DestinationStream {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // pino would tell of it on the stream, later.
  closeSync(openSync(file, 'a', 0o600));
  const stream = openDestination({ dest: file, sync: true, mode: 0o600 });
  // There is nowhere to tell of it.
  stream.on('error', () => undefined);
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return {
    write(line) {
      stream.write(line);
      size += Buffer.byteLength(line);
      if (size < fileBytes) return;
      size = 0;
      try {
        renameSync(file, `${file}.1`);
        stream.reopen();
      } catch {
        // The old file goes on; it is tried again when it has grown as much once more.
      }
    },
  };
}
