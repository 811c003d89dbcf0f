/** What the caller wrote makes no sense: its message alone is printed, and the exit code is 2. */
export class UsageError extends Error {}
