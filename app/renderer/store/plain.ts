/** Text for comparing names. */
export { plain } from '../../shared/plain.ts';
