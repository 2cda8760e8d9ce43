/** What a column can be, as the page says it. */
import type { Role } from '../../lib/types/index.js';
import { labelOf } from './fields.js';

const HELP: Readonly<Record<Role, string>> = {
  user: 'Whose event it is.',
  time: 'When it happened.',
  type: 'What happened.',
  item: 'On what; optional.',
};

export const ROLES = (Object.keys(HELP) as Role[]).map((role) => ({
  role,
  label: labelOf(`columns.${role}`)!,
  help: HELP[role],
}));
