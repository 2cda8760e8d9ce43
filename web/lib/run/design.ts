/** What a plan's design has, for those who have no engine at hand to ask; src/trial/rules.h. */
import type { Plan } from '../types/index.js';

/** Without one a row is the notebook's session. */
export function hasTimeZero(kind: Plan['index']['kind']): boolean {
  return kind !== 'session';
}
