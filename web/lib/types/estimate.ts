/** The estimate: the effect that a table shows once the groups are made alike in what is recorded. */
import type { AuditReport } from './audit.js';
import type { PartName } from './plan.js';

/** A difference of risks, treated minus control: 0.05 is five points. The error is clustered by user. */
export interface Effect {
  effect: number;
  standardError: number;
  interval95: [number, number];
}

/** Of the estimate, and of the end of its interval that is nearer to no effect. */
export interface Strength {
  estimate: number;
  limit: number;
}

/** Why no effect is told. */
export interface EstimateRefusal {
  /**
   * `indexKind`, `fewTreatedUsers`, `fewOutcomes`, `fewEffectiveUsers`, `emptyFold`, `notConverged`, `imbalance`, `noOverlap`, or the code of a
   * finding that is an error.
   */
  code: string;
  message: string;
  /** The plan key that would mend it; null where only more data would. */
  key: string | null;
}

/** An outcome that the treatment cannot have caused, put through the same estimator. */
export interface NegativeControl {
  /** As people read it: an event type of `estimate.negativeControls`, or the outcome before the session. */
  name: string;
  /** `earlierOutcome`: of the rows whose user had been exposed before the session. */
  kind: 'earlierOutcome' | 'eventType';
  control: { rows: number; outcomes: number };
  treated: { rows: number; outcomes: number };
  /** Overlap-weighted; null where too little is there to tell, which `tooLittle` says. */
  overlap: Effect | null;
  riskRatio: { ratio: number; interval95: [number, number] } | null;
  tooLittle: string | null;
}

export interface NegativeControls {
  controls: NegativeControl[];
  /** How many intervals exclude no difference. */
  excluding: number;
  /** What the controls show, in a sentence; null where none can be told. */
  meaning: string | null;
  /** The ratio of outcome rates less the error that the controls show on average, with its deviation beyond chance; from ten on. */
  calibration: {
    controls: number;
    logRatio: { mean: number; deviation: number };
    riskRatio: { ratio: number; interval95: [number, number] };
  } | null;
  /** Why there is no calibration. */
  notCalibrated: string | null;
}

/** What the outcomes of a row are worth: differences of mean sums, in the unit of the column. */
export interface ValueEffect {
  /** Of the input (`outcome.value`), or of a finished table. */
  column: string;
  /** What a row counts as at most, and how many rows of the table had more; null: no limit. */
  cap: number | null;
  cappedRows: number;
  /** Overlap-weighted, as the main figure. */
  overlap: Effect;
  mean: { control: number; treated: number };
  /** Of the rows as they are. */
  naive: Effect;
}

export interface AdjustedEffects {
  /** The main figure: rows count by how open their treatment was. */
  overlap: Effect;
  /** Of the treated (ATT). */
  treated: Effect;
  /** Of all rows (ATE); null where 5 % of the propensities or more lie outside of 0.01 to 0.99. */
  all: Effect | null;
  /** The main figure, every user counted once. */
  byUser: Effect;
  /** Overlap-weighted. */
  risk: { control: number; treated: number };
  riskRatio: { ratio: number; interval95: [number, number] } | null;
  /** Null where the plan names no `outcome.value`. */
  value: ValueEffect | null;
  clippedShare: number;
  effectiveRows: { control: number; treated: number };
  /** Differences of the models' features by group, in standard deviations; the standard error of the weighted one, by user. */
  balance: { feature: string; smd: number; weightedSmd: number; weightedError: number }[];
  /** Calendar weeks (from Monday, UTC) with enough rows, of several. */
  weeks: { from: string; rows: number; overlap: Effect }[];
  /** How strongly, as a risk ratio, something unrecorded would have to go with treatment and outcome both. */
  eValue: Strength | null;
  /** Or which share of what is left of both it would have to explain. */
  robustnessValue: Strength | null;
  /** How the main figure moves where a group of covariates is left out. */
  withoutGroup: { group: 'session' | 'exposure' | 'user' | 'clock' | 'columns'; change: number }[];
  negativeControls: NegativeControls;
}

/** Either there are refusals, or there is an adjusted effect. */
export interface EffectEstimate {
  /** What is asked, in a sentence. */
  estimand: string;
  /** Other plans by which effects of the same events were estimated; an interval does not count how a plan was chosen. */
  otherPlans: number;
  refusals: EstimateRefusal[];
  /** Findings of the audit that put the effect in doubt. */
  warnings: { code: string; title: string }[];
  adjusted: AdjustedEffects | null;
  /** Of the same rows, unadjusted. */
  naive: {
    control: { rows: number; outcomes: number };
    treated: { rows: number; outcomes: number };
    difference: number | null;
    interval95: [number, number] | null;
  } | null;
  rows: number;
  censoredLeftOut: number;
  users: number;
  usersTreated: number;
  /** How many users of equal numbers of rows these are worth. */
  effectiveUsers: number;
  /** Of users, for cross-fitting. */
  folds: number;
  /**
   * Where the probability of treatment is known and not fitted: the shares of rows that are treated, and how often chance alone would
   * put them so far apart. Null where it is fitted.
   */
  sampleRatio: { expected: number; observed: number; pValue: number } | null;
}

/** What a table could show, told before outcomes are looked at: nothing here depends on the outcome of a row. */
export interface BlindAudit {
  estimand: string;
  /** Those that an estimate would analyze. */
  rows: { control: number; treated: number };
  censoredLeftOut: number;
  users: number;
  usersTreated: number;
  effectiveUsers: number;
  design: {
    power: number;
    level: number;
    /**
     * The difference of outcome rates that would be found with that power, by a rate that is given: if rows of a user have nothing
     * in common, and if all of them in a group have the same outcome. The truth lies between.
     */
    smallestDifference: { outcomeRate: number; rowsIndependent: number; rowsAlike: number }[];
    effectiveRows: { control: number; treated: number };
    clippedShare: number;
    balance: { feature: string; smd: number; weightedSmd: number; weightedError: number }[];
  } | null;
  /** Why there is no design. */
  noDesign: string | null;
  /** What of the audit asks for no outcome. */
  audit: Pick<
    AuditReport,
    'profile' | 'indexKind' | 'findings' | 'notices' | 'balance' | 'overlap' | 'lengths' | 'vocabulary' | 'window'
  > & {
    start: BlindRows;
    end: BlindRows;
    treatmentDelays: AuditReport['delays']['treatment'];
    split: {
      usersInSeveralParts: number;
      purged: number;
      parts: Record<
        PartName,
        { users: number; control: number; treated: number; firstTimeZero: string | null; lastTimeZero: string | null }
      >;
    };
  };
}

export interface BlindRows {
  rows: number;
  sessions: number;
  users: number;
  control: number;
  treated: number;
}
