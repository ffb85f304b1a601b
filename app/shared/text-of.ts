/** What an error says, for a sentence to a person or a log. */
export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
