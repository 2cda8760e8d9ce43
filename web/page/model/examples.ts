/** Which row shows what a finding says, where a row can show it. */
import type { Plan, SessionQuery, SessionView } from '../../lib/types/index.js';

export interface Example {
  /** Rows to look among. */
  query: Pick<SessionQuery, 'treatment' | 'outcome'>;
  shows(view: SessionView, plan: Plan): boolean;
}

const inX = (type: (plan: Plan) => string) => (view: SessionView, plan: Plan) =>
  view.events.some((event) => event.role === 'x' && event.type === type(plan));
const isPadded = ({ padding }: SessionView) => padding !== null;
const isAny = () => true;
const sameTime = ({ events }: SessionView) => events.some(({ timeUs }, i) => timeUs === events[i - 1]?.timeUs);
const isTwice = ({ events }: SessionView) =>
  events.some(({ timeUs, type, item }, i) => {
    const before = events[i - 1];
    return before?.timeUs === timeUs && before.type === type && before.item === item;
  });

const TREATED: Example = { query: { treatment: 1 }, shows: isAny };
const PADDED: Example = { query: {}, shows: isPadded };
const TIED: Example = { query: {}, shows: sameTime };

/** By the finding's code. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  outcomeInX: { query: { outcome: 1 }, shows: inX(({ outcome }) => outcome.type) },
  treatmentInX: { query: {}, shows: inX(({ treatment }) => treatment.type) },
  paddingInOneArm: PADDED,
  paddingTellsTreatment: PADDED,
  outcomeBeforeTreatment: {
    query: { treatment: 1, outcome: 1 },
    shows: ({ outcomeUs, treatmentUs }) => outcomeUs !== null && treatmentUs !== null && outcomeUs < treatmentUs,
  },
  immortalTime: {
    query: { treatment: 0, outcome: 1 },
    shows: ({ outcomeUs, windowEndUs }) => outcomeUs !== null && windowEndUs !== null && outcomeUs <= windowEndUs,
  },
  lengthTellsTreatment: TREATED,
  spanTellsTreatment: TREATED,
  lastEventTellsTreatment: TREATED,
  armDecidedInWindow: TREATED,
  tiesChangeSessions: TIED,
  tiesDecidedByRule: TIED,
  duplicates: { query: {}, shows: isTwice },
  censoredRows: { query: {}, shows: ({ censored }) => censored },
  coarseClock: { query: { treatment: 1 }, shows: ({ treatmentUs, timeZeroUs }) => treatmentUs === timeZeroUs },
};

export function exampleOf(code: string): Example | null {
  return EXAMPLES[code] ?? null;
}
