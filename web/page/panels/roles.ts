/** What a column can be, as the page says it. */
import type { Role } from '../../lib/types/index.js';
import type { PlanKeys } from '../state.js';

const ROLES: readonly Role[] = ['user', 'time', 'type', 'item'];

/** In the engine's words; none until it is loaded. */
export function rolesOf(keys: PlanKeys): { role: Role; label: string; help: string }[] {
  return ROLES.flatMap((role) => {
    const key = keys.get(`columns.${role}`);
    return key ? [{ role, label: key.label, help: key.help }] : [];
  });
}
