/** Server of the answers of an exchange of ours. */
export const OURS = /^Tandem\b/i;
