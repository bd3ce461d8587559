import * as z from 'zod';

const error = 'must be a whole number from 1 to 500';

/** The query of a list. */
export const pageQuery = z.strictObject({
  limit: z.coerce
    .number({ error })
    .int({ error })
    .min(1, { error })
    .max(500, { error })
    .default(50)
    .meta({ description: 'How many items a page has at most.' }),
  after: z
    .string()
    .regex(/^[\w.:-]{1,200}$/, { error: 'must be the `next` of a page before' })
    .optional()
    .meta({ description: 'The `next` of the page before.' }),
});

/** A page of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({
    object: z.literal('list'),
    data: z.array(item),
    next: z.string().nullable().meta({ description: 'For `after`; null on the last page.' }),
  });
}

export interface Page<Item> {
  object: 'list';
  data: Item[];
  next: string | null;
}

/** A list that is short enough for one page. */
export function onePage<Item>(data: Item[]): Page<Item> {
  return { object: 'list', data, next: null };
}

/** A page of what was found, which is one more than `limit` when there is a next page. */
export function toPage<Found, Item>(
  found: readonly Found[],
  limit: number,
  { item, cursor }: { item: (found: Found) => Item; cursor: (last: Found) => string },
): Page<Item> {
  const shown = found.slice(0, limit);
  const last = found.length > limit ? shown.at(-1) : undefined;
  return { object: 'list', data: shown.map(item), next: last === undefined ? null : cursor(last) };
}
