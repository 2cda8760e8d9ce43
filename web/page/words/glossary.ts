/** The terms of the page, each explained once, and the settings that ask for them. */

interface Entry {
  term: string;
  text: string;
  /** The settings beside which a question mark leads here. */
  of?: readonly string[];
}

const ENTRIES = {
  event: { term: 'Event', text: 'One row of the input: a user, a time, an event type and, optionally, an item.' },
  item: { term: 'Item', text: 'What an event is about, such as a product or an ad.' },
  session: {
    term: 'Session',
    text: 'A run of one user’s events with no pause longer than the session gap.',
    of: ['session.gapHours'],
  },
  exposure: {
    term: 'Exposure',
    text: 'The event after which a treatment may follow, such as an impression. With the causal starting point each exposure becomes a training row.',
    of: ['index.type'],
  },
  row: {
    term: 'Training row',
    text: 'One case of the table: its history (X), whether it is treated (T) and its outcome (Y). It is a session, or an exposure within one.',
  },
  timeZero: {
    term: 'Time zero',
    text: 'The instant that separates before from after. The history ends there, and treatment and outcome are counted from there, in the same way for both groups.',
    of: ['index.kind', 'index.minutes'],
  },
  history: {
    term: 'History (X), sequence',
    text: 'What is known at time zero: the events of the session up to then, in order, each as an event id, an item id and minutes.',
    of: ['sequence.maxEvents'],
  },
  covariates: {
    term: 'Covariates',
    text: 'What is known at time zero as plain numbers, for estimators that take no sequences.',
  },
  treatment: {
    term: 'Treatment (T)',
    text: 'The event whose effect is asked for. T is 1 if it happens in the treatment window, and 0 otherwise.',
    of: ['treatment.type', 'index.windowMinutes'],
  },
  outcome: {
    term: 'Outcome (Y)',
    text: 'The event that the treatment may influence. Y is 1 if it happens in the follow-up, and 0 otherwise.',
    of: ['outcome.type'],
  },
  followUp: {
    term: 'Follow-up, horizon',
    text: 'The time after time zero in which an outcome counts.',
    of: ['index.horizonHours', 'outcome.from'],
  },
  groups: { term: 'Treated, untreated', text: 'The rows with T = 1 and those with T = 0.' },
  washout: {
    term: 'Washout',
    text: 'A time before time zero without a treatment. It keeps the effect of an earlier treatment out of the comparison.',
    of: ['index.washoutHours'],
  },
  align: {
    term: 'Aligned time zero',
    text: 'Untreated rows wait as long after their exposure as treated rows did, so both groups have got through the same wait without an outcome.',
    of: ['index.gracePeriod'],
  },
  censored: {
    term: 'Censored',
    text: 'A row whose follow-up goes beyond the end of the data. Y = 0 may then only mean “not yet”.',
    of: ['outcome.censored', 'data.end'],
  },
  riskSet: {
    term: 'Risk set, matched',
    text: 'The sessions that could still be treated at some moment. A treated session is matched with others from its risk set.',
    of: ['index.controls'],
  },
  immortal: {
    term: 'Immortal time',
    text: 'Time that treated rows must have got through to be treated at all. If only one group is credited with it, the comparison is biased.',
  },
  leak: {
    term: 'Leak',
    text: 'Something in the history that only the future can tell: the outcome, the treatment, or a rule that looks past time zero.',
  },
  difference: {
    term: 'Unadjusted difference',
    text: 'The outcome rate of treated rows minus that of untreated ones. It is not an effect, because the groups may have differed beforehand.',
  },
  points: { term: 'Percentage points (pp)', text: 'The unit of a difference of two rates: 12% against 10% is 2 points.' },
  interval: {
    term: '95% interval, clustered by user',
    text: 'The range of differences that fit the data. Rows of one user resemble each other, so users and not rows are counted as independent.',
  },
  smd: {
    term: 'Standardized mean difference (SMD)',
    text: 'How far apart the means of the groups are, in standard deviations. Beyond 0.1 the groups are usually called imbalanced.',
  },
  lovePlot: {
    term: 'Love plot, balance',
    text: 'One line for each covariate with its standardized mean difference, before and after weighting.',
  },
  propensity: {
    term: 'Propensity',
    text: 'The probability of the treatment, given the history. Weighting by it makes the groups alike in what was recorded.',
  },
  overlap: {
    term: 'Overlap',
    text: 'Both groups occur at every propensity. Where only one occurs, nothing can be compared.',
  },
  auc: {
    term: 'AUC',
    text: 'How well a number tells the groups apart: 0.5 not at all, 0 or 1 fully.',
  },
  padding: {
    term: 'Padding',
    text: 'Made-up events that bring a short history to a minimum length, as the original notebook has it.',
    of: ['sequence.padding'],
  },
  vocabulary: {
    term: 'Vocabulary, [UNK]',
    text: 'The numbers that stand for event types and items. An item outside of it is [UNK].',
    of: ['vocabulary.fitOn'],
  },
  split: {
    term: 'Train, validation, test; seed',
    text: 'The sets that rows are split into: to fit a model, to choose one, and to test it. The seed makes a random split repeatable.',
    of: ['split.kind', 'split.seed'],
  },
  folds: {
    term: 'Folds, cross-fitting',
    text: 'Parts of the users, each predicted by a model that was fitted on the others.',
    of: ['split.folds'],
  },
  startingPoint: {
    term: 'Starting point, original notebook',
    text: 'The defaults that settings start from: those of the pandas notebook that this replaces, to the byte, or those that support a causal estimate.',
    of: ['profile'],
  },
  finding: {
    term: 'Finding, notice',
    text: 'A finding is a threat to a causal interpretation of the table. A notice is something about the data that may be wrong.',
  },
  plan: {
    term: 'Plan, manifest',
    text: 'The plan is all settings as JSON. The manifest has it together with the hashes of input and output, so a run can be repeated and checked.',
  },
} as const satisfies Record<string, Entry>;

export type Term = keyof typeof ENTRIES;

export const GLOSSARY: Readonly<Record<Term, Entry>> = ENTRIES;

/** The term that a setting asks for. */
export function termOf(path: string): Term | null {
  return (Object.keys(GLOSSARY) as Term[]).find((term) => GLOSSARY[term].of?.includes(path)) ?? null;
}

export const HELP = {
  title: 'Glossary',
  close: 'Close',
  what: (term: string) => `What is “${term}”?`,
  terms: 'In the glossary: ',
} as const;
