/** Classes of SQLSTATE that blame the statement or its data: data exception, constraint, syntax or access, no data. */
const refusals = new Set(['22', '23', '42', '02']);

/** True when Postgres refused what was asked, and would again; false when it is away, busy or stopping. */
export function isPostgresRefusal(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && refusals.has(error.code.slice(0, 2))
  );
}
