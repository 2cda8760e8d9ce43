/** What is said of wrong use. */

/** The command was used wrongly, which has an exit code of its own. */
export class UsageError extends Error {}
