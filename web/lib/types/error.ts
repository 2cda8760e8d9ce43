/** Refusals. */

export interface Where {
  file?: string;
  row?: number;
  line?: number;
  column?: string;
}

/** Data or a plan that the engine refuses; `message` is a sentence with the place, the finding and the rule. */
export class EventDataError extends Error {
  override name = 'EventDataError';
  constructor(
    readonly code: string,
    message: string,
    readonly where: Where = {},
  ) {
    super(message);
  }
}
