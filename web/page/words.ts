/** What several panels call the engine's names, and say alike. */
import type { Finding } from '../lib/types/index.js';
import { count } from './format.js';
import type { State } from './state.js';

/** The engine's names for rows that cannot be used. */
export const REASONS: Readonly<Record<string, string>> = {
  missingUser: 'No user',
  missingTime: 'No time',
  missingType: 'No event type',
  badTime: 'Not a time',
  unknownType: 'Unknown event type',
  wrongCellCount: 'Wrong number of cells',
  nestedValue: 'Object or list instead of a value',
  badValue: 'A value that stands for nothing',
  otherHeader: 'Another header',
};

/** Why a row is left out, after its number. */
export const FILTERS: Readonly<Record<string, string>> = {
  shortSession: 'in sessions that are too short',
  sessionOver: 'in sessions that were over before time zero',
  noMatch: 'without a match at the same point of a session',
  priorTreatment: 'treated before time zero',
  priorOutcome: 'with an outcome before time zero',
  washout: 'whose user was treated shortly before, within the washout',
  nextExposure: 'whose next exposure came before time zero',
  thinned: 'whose wait for a treatment ended early, by a draw',
  eventBeforeTimeZero: 'with an outcome or a treatment between exposure and time zero',
  outcomeBeforeTreatment: 'with the outcome before the treatment',
  outcomeInWindow: 'with an outcome inside the window',
  shortX: 'with too few events up to time zero',
  censored: 'whose follow-up the data’s end cuts',
};

/** Each step of the ledger has all repairs before it too. */
export const STEPS: Readonly<Record<string, string>> = {
  notebook: 'The notebook',
  duplicates: 'Duplicates dropped',
  ties: 'Ties by priority',
  gap: 'Gap of half an hour',
  timeZero: 'One time zero',
  minimumLength: 'Shortest length of X',
  padding: 'No fake padding',
  keepLast: 'Last events kept',
};

export const SEVERITIES: Readonly<Record<Finding['severity'], string>> = { error: 'Error', warning: 'Warning', note: 'Note' };

/** What a panel says while there is no result. */
export function whyNoResult({ run }: Pick<State, 'run'>, what: string): string {
  switch (run.kind) {
    case 'running':
      return `${what} when the run is done.`;
    case 'failed':
      return `There is no result: the run was refused. What to do is said under Run.`;
    case 'cancelled':
      return `There is no result: the run was cancelled.`;
    default:
      return `${what} after a run.`;
  }
}

export function rowsText(rows: number): string {
  return rows === 1 ? '1 row' : `${count(rows)} rows`;
}
