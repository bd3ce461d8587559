/**
 * One account's use of a plan. It is active from `activatedAt` until the end of the second `endsAt`, unless cancelled.
 * Times are Unix milliseconds.
 */
export interface Subscription {
  id: string;
  /** The account; it has at most one subscription that is not over. */
  owner: string;
  /** Name of the plan. */
  plan: string;
  /** Public id of its one key. */
  keyId: string;
  /** The start; its day in the plan's time zone is the subscription day. */
  activatedAt: number;
  /** 23:59:59 of the last day in the plan's time zone. */
  endsAt: number;
  cancelledAt: number | null;
}

/** Days before the end on which the holder is reminded (source: the Coding Plan FAQ, 2026-03-20). */
export const reminderDays = [7, 3, 1] as const;

/** A reminder that is due, or was claimed for delivery. */
export interface Reminder {
  subscriptionId: string;
  owner: string;
  plan: string;
  /** The end it speaks of; a renewal makes a new set of reminders. */
  endsAt: number;
  daysBefore: number;
}
