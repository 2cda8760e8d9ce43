/** Streams of events with a known truth. */

/** Anything else is refused by name; 0 users or items are a number that suits the events. */
export interface SimulateOptions {
  /** Rows of the file. */
  events?: number;
  /** Exactly this many, who come back until the end; 0: about events / 70, who come and go. */
  users?: number;
  /** In the catalogue. */
  items?: number;
  /** Over which users arrive. */
  days?: number;
  /** Of a click on a purchase, in log odds; 0: none. */
  effect?: number;
  /** How much of the history that leads to clicks leads to purchases too. */
  confounding?: number;
  /** Divides all times within a visit; at 10 exposures are half a minute apart. */
  pace?: number;
  /** How many times later clicks come; purchases and the next exposure wait for the latest of them. */
  linger?: number;
  /** Probability of a purchase at an exposure, within five minutes, that asks nothing of the click. */
  impulse?: number;
  /** Weight of a trait of the user that no row tells of, on clicks and on purchases, in log odds a standard deviation. */
  hidden?: number;
  /** Makes clicks all but certain or all but impossible, by the history. */
  overlap?: number;
  /** Of a click in the last 24 hours on the purchase at a later exposure, in log odds. */
  carryover?: number;
  /** How much the effect grows with the history, in log odds. */
  varying?: number;
  /** Seconds of a tick of the clock that the times are told by; 0: microseconds. */
  coarseClock?: number;
  /** Share of rows that stand up to 20 minutes late in the file. */
  lateShare?: number;
  seed?: number;
  /** Pairs of futures that the truth is averaged from; no event depends on it. */
  draws?: number;
}

/** What a simulated stream's treatment does, by Monte Carlo on the model that makes the stream. */
export interface Truth {
  /** What the effect is the effect of, in a sentence. */
  estimand: string;
  /** riskTreated - riskUntreated. */
  effect: number;
  /** The same, weighted by the probability p of a click, and by p (1 - p). */
  effectOnTreated: number;
  effectOnOverlap: number;
  /** Of `effect`, Monte Carlo alone: it falls with the root of the draws. */
  standardError: number;
  riskTreated: number;
  riskUntreated: number;
  eligibleExposures: number;
  pairsFollowed: number;
  horizonHours: number;
  model: {
    symbols: string;
    click: Record<string, number | string>;
    purchase: Record<string, number | string>;
    adjustFor: string;
  };
  options: Required<SimulateOptions>;
}
