/** The audit: evidence of what a run made of its events. */
import type { PartName, Plan } from './plan.js';
import type { Notice } from './report.js';

export type Severity = 'error' | 'warning' | 'note';

/** What is wrong, how much of it, what follows, and the plan key that mends it. */
export interface Finding {
  code: string;
  severity: Severity;
  /** What is wrong, in a few words. */
  title: string;
  /** The same as a sentence, with the figures in it. */
  message: string;
  figures: Record<string, unknown>;
  /** Why it matters. */
  consequence: string;
  repair: { key: string; value: unknown } | null;
}

/** Rows by group; the naive difference of outcome rates, treated minus untreated, is null where a group is empty. */
export interface ArmRows {
  rows: number;
  control: number;
  treated: number;
  controlOutcomes: number;
  treatedOutcomes: number;
  naiveDifference: number | null;
}

export interface AttritionStep {
  rows: number;
  sessions: number;
  users: number;
  control: number;
  treated: number;
  controlOutcomes: number;
  treatedOutcomes: number;
  treatmentRate: number | null;
  controlOutcomeRate: number | null;
  treatedOutcomeRate: number | null;
}

/** Rows with something, and their share of those there are. */
export interface Part {
  rows: number;
  share: number | null;
}

/** Likewise by group, and by group and outcome. */
export interface PartByArm extends Part {
  control: Part;
  treated: Part;
  controlNoOutcome: Part;
  controlOutcome: Part;
  treatedNoOutcome: Part;
  treatedOutcome: Part;
}

export interface ArmOverlap {
  rows: number;
  outside1Percent: number | null;
  outside5Percent: number | null;
  /** Of inverse propensity weights. */
  effectiveSampleSize: number | null;
  /** Rows by propensity, in 20 equal bins from 0 to 1. */
  histogram: number[];
}

/**
 * How long it takes from each start (an instant with exposures, a session's landmark, or with controls a session's first
 * treatment) to the first event of a type, whatever the plan's window and horizon are; those of more than 30 days count as
 * not followed.
 */
export interface Waits {
  from: 'exposure' | 'landmark' | 'treatment';
  /** Of the events that are waited for. */
  type: string;
  starts: number;
  followed: number;
  notFollowed: number;
  /** The shortest time in which so many percent of the followed are; null where none is. */
  secondsByPercent: Record<'50' | '80' | '90' | '95' | '99', number | null>;
  /** The plan's window, or its follow-up; null where it has none. */
  limitSeconds: number | null;
  /** Of the followed, those that take longer. */
  beyondLimit: number | null;
  /** `delays[i]` lie in edgesSeconds[i] .. edgesSeconds[i + 1]. */
  histogram: { zero: number; underASecond: number; edgesSeconds: number[]; delays: number[] };
}

/** audit.json: evidence of what a run made of its events. Rates are shares; null where there is nothing to divide by. */
export interface AuditReport {
  profile: Plan['profile'];
  indexKind: Plan['index']['kind'];
  /** Worst first. */
  findings: Finding[];
  /** The report's. */
  notices: Notice[];
  events: { events: number; users: number; byType: Record<string, number> };
  attrition: {
    read: number;
    leftOut: number;
    leftOutByReason: Record<string, number>;
    duplicatesDropped: number;
    events: number;
    start: AttritionStep;
    /** Those that left out any row. */
    filters: { filter: string; removed: number; looksPastTimeZero: boolean; before: AttritionStep; after: AttritionStep }[];
    end: AttritionStep;
  };
  leakage: {
    /** X holds an outcome that counts for Y. */
    outcomeInX: PartByArm;
    /** X holds any outcome. */
    outcomeInHistory: PartByArm;
    treatmentInX: PartByArm;
    treatmentInHistory: PartByArm;
    padding: { rows: PartByArm; controlTokens: number; treatedTokens: number };
    /** How well one figure alone ranks treated rows above others; 0.5 tells nothing. */
    aucOfTreatment: Record<'length' | 'span' | 'lastEvent' | 'padding', number | null>;
    aucOfOutcomeFromToken: Record<'control' | 'treated', number | null>;
    /** Of treated rows with an outcome: their first outcome, or all of them, come before the first treatment. */
    outcomeBeforeTreatment: { rows: number; first: number; firstShare: number | null; all: number; allShare: number | null };
    /**
     * What outcomes inside the treatment window can do to the naive difference; of landmarks, and of exposures with
     * gracePeriod 'exclude'.
     */
    immortalTime: {
      /** Rows whose outcome comes before their treatment. */
      leftOut: number;
      /** Rows that are kept, untreated, with an outcome inside the window. */
      untreatedWindowOutcomes: number;
      naiveDifference: number | null;
      /** Of the difference, whichever group each of these rows belongs to; neither confounding nor overlapping windows count. */
      interval: [number, number] | null;
      /** 99 % of the treatments come no later after the last exposure before them; null of landmarks. */
      usualDelayMinutes: number | null;
    } | null;
  };
  /** Means by group and standardized mean differences, raw and after inverse propensity weighting. */
  balance: {
    covariate: string;
    control: number | null;
    treated: number | null;
    smd: number | null;
    weightedSmd: number | null;
  }[];
  /** Of a logistic propensity fitted on training rows, or of the known one; null without both groups there. */
  overlap: {
    /** 0: the propensity is known, by `treatment.propensity`. */
    fittedRows: number;
    converged: boolean;
    auc: number | null;
    outside1Percent: number | null;
    outside5Percent: number | null;
    control: ArmOverlap;
    treated: ArmOverlap;
  } | null;
  /** Rows by group and length of X, padding included: entry i has `edges[i]` tokens or more, fewer than `edges[i + 1]`. */
  lengths: { edges: number[]; control: number[]; treated: number[] };
  ties: {
    rule: Plan['time']['ties'];
    tiedEvents: number;
    tiedShare: number | null;
    sessions: number;
    /** Sessions that another rule changes; `changed`: treatment, outcome or the cut of X; `order`: X itself. */
    under: { rule: Plan['time']['ties']; changed: number; treatment: number; outcome: number; cut: number; order: number }[];
  };
  gaps: {
    /** Gaps between two events of a user; `gaps[i]` lie in edgesSeconds[i] .. edgesSeconds[i + 1]. */
    histogram: { zero: number; underASecond: number; over30Days: number; edgesSeconds: number[]; gaps: number[] };
    /** By the notebook's rule, as functions of the gap. */
    curve: {
      gapHours: number;
      created: number;
      sessions: number;
      treatmentRate: number | null;
      outcomeRate: number | null;
      naiveDifference: number | null;
    }[];
  };
  /** What window and horizon can be chosen by; null where nothing begins one. */
  delays: { treatment: Waits | null; outcome: Waits | null };
  vocabulary: {
    /** Different ones in the input; 0 without a column of items. */
    itemsInData: number;
    items: number;
    neverInTrainX: number;
    neverInTrainXShare: number | null;
    belowMinCount: number;
    /** Events in X, each once. */
    parts: Record<
      PartName,
      {
        tokens: number;
        withoutItem: number;
        known: number;
        unknown: number;
        unknownShare: number | null;
        belowMinCount: number;
        unknownTypes: number;
      }
    >;
  };
  split: {
    usersInSeveralParts: number;
    purged: number;
    /**
     * Those in no part included. `interval95`: of the naive difference, clustered by user. `outcomeEvents`: events that make
     * Y 1, each once however many rows count it; null without a time zero, where rows share none.
     */
    all: ArmRows & { interval95: [number, number] | null; outcomeEvents: number | null };
    parts: Record<
      PartName,
      ArmRows & {
        users: number;
        interval95: [number, number] | null;
        firstTimeZero: string | null;
        lastTimeZero: string | null;
      }
    >;
  };
  window: {
    sessions: number;
    beginWithinGapOfFirstEvent: number;
    openAtLastEvent: number;
    rows: number;
    censoredRows: number;
    censoredLeftOut: number;
    dataHours: number;
    followUpHours: number | null;
    /** From the earliest time zero to the end of the data. */
    longestFollowUpHours: number | null;
    /** Rows whose window holds a later exposure of the user; 0 where it ends there. Null, as the next one, without a window. */
    windowHoldsExposure: number | null;
    /** Treated rows whose treatment follows such an exposure. */
    treatedAfterLaterExposure: number | null;
    /** Treated rows whose treatment has the instant of their exposure; null unless there are exposures. */
    treatedAtExposureInstant: number | null;
    /** Control rows with a treatment of their user within a horizon before time zero; null without a time zero. */
    controlsAfterTreatment: number | null;
  };
  /** The notebook's table, then one repair more a step. */
  ledger: {
    indexKind: AuditReport['indexKind'];
    duplicates: number;
    steps: (ArmRows & {
      step: string;
      key: string | null;
      value: unknown;
      lengthSmd: number | null;
      aucLength: number | null;
      aucPadding: number | null;
      /** Share of the untreated rows with an outcome whose X holds one. */
      outcomeInX: number | null;
    })[];
  };
}
