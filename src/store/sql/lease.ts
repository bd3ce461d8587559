/** A minute: long enough for a busy machine, short enough that dead requests do not block a plan. */
export const defaultLeaseMs = 60_000;

/** A reservation this old is given back even if its process lives: whatever held it has been forgotten. */
export const oldestReservationMs = 24 * 3_600_000;

/** A settlement of a lapsed reservation is accepted for this long. */
export const lapsedKeptMs = 24 * 3_600_000;

/** Reservations given back in one transaction: bounds how long it takes. */
export const orphansPerTransaction = 500;

/** How far a dead process's journal was brought to the database is known for this long after its lease. */
export const deadProcessKeptMs = 24 * 3_600_000;
