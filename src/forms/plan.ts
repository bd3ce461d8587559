import * as z from 'zod';
import type { Plan, PlanWindow, WindowPeriod } from '../domain/plan.ts';

/*
 * How people write plans, the same in `config.yaml` and in the admin API. The schemas transform nothing, so that JSON
 * Schema can be made from them; `planFromForm` and `planToForm` go between the form and the plan.
 */

const units = ['calls', 'tokens', 'money'] as const;
const storeFailurePolicies = ['allow', 'deny'] as const;

/** The window that a short-term limit is counted in, so no plan's window has this name. */
const reservedWindow = 'short-term';

const periodForm = z
  .string({ error: 'must be text' })
  .regex(/^(?:(?:rolling|fixed) \d{1,4}(?:\.\d{1,2})?[hd]|day|week|month|calendar-month)$/, {
    error: 'must be "rolling 5h", "fixed 5h" (h or d), day, week, month or calendar-month',
  })
  .refine((text) => (spanHours(text) ?? 1) > 0 && (spanHours(text) ?? 1) <= 10_000, {
    error: 'must be a span of more than 0 and at most 10000 hours',
  });

const limitForm = z
  .number({ error: 'must be a number' })
  .min(0, { error: 'must be a number from 0' })
  .max(1e15, { error: 'must be a number up to 1e15' });

/** Model ids and names of people's own making: printable, bounded. */
const nameForm = z
  .string({ error: 'must be text' })
  .regex(/^[^\p{Cc}]{1,200}$/u, { error: 'must be text of 1 to 200 characters without line breaks' });

const windowForm = z.strictObject({
  name: z
    .string({ error: 'must be text' })
    .regex(/^[a-z0-9-]{1,32}$/, { error: 'must consist of up to 32 lower-case letters, digits and dashes' })
    .refine((name) => name !== reservedWindow, { error: `must not be "${reservedWindow}"` })
    .optional()
    .meta({ description: 'Part of header names; without one, made from the period (`5h`, `week`).' }),
  period: periodForm.meta({
    description:
      '`rolling 5h`: what is older no longer counts. `fixed 5h`: from the first use. `week`: from Monday 00:00. ' +
      "`month`: from the subscription's day 00:00. `calendar-month`: from the 1st 00:00.",
  }),
  unit: z
    .enum(units, { error: `must be one of ${units.join(', ')}` })
    .optional()
    .meta({ description: 'What is counted; calls by default, money is CNY.' }),
  limit: limitForm,
  on_store_failure: z
    .enum(storeFailurePolicies, { error: `must be one of ${storeFailurePolicies.join(', ')}` })
    .optional()
    .meta({ description: 'While the store is away: `allow` (default) within the last known remainder, or `deny`.' }),
});

const shortTermForm = z.strictObject({
  seconds: z.int({ error: 'must be a whole number from 1 to 86400' }).min(1).max(86_400),
  unit: z.enum(units, { error: `must be one of ${units.join(', ')}` }).optional(),
  limit: limitForm,
});

const priceForm = z.strictObject({
  amount: limitForm,
  currency: z.enum(['CNY', 'USD'], { error: 'must be one of CNY, USD' }),
});

/** A plan as people write it. */
export const planForm = z.strictObject({
  name: z.string({ error: 'must be text' }).regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, {
    error: 'must consist of up to 64 lower-case letters, digits, dots, dashes and underscores',
  }),
  title: nameForm.optional(),
  windows: z
    .array(windowForm, { error: 'must be a list of windows' })
    .max(16, { error: 'must not have more than 16 items' })
    .superRefine(refuseSameNames)
    .optional()
    .meta({ description: 'The limits; none by default.' }),
  time_zone: z
    .string({ error: 'must be text' })
    .refine(isTimeZone, { error: 'must be a time zone such as UTC+8 or Asia/Shanghai' })
    .optional()
    .meta({ description: 'Days, weeks and months begin at its midnight; UTC+8 by default.' }),
  model_weights: z
    .record(nameForm, limitForm, { error: 'must be a map of model ids to numbers' })
    .optional()
    .meta({ description: 'How many calls one call of a model counts as; 1 where nothing is said, 0 is free.' }),
  models: z
    .array(nameForm, { error: 'must be a list of model ids' })
    .max(2000, { error: 'must not have more than 2000 items' })
    .nullable()
    .optional()
    .meta({ description: 'Model ids, case-sensitive; null (default): all.' }),
  concurrency: z
    .int({ error: 'must be a whole number from 1 to 1000000' })
    .min(1, { error: 'must be a whole number from 1 to 1000000' })
    .max(1_000_000, { error: 'must be a whole number from 1 to 1000000' })
    .nullable()
    .optional()
    .meta({ description: 'Requests at the same time; null (default): any number.' }),
  short_term: shortTermForm.nullable().optional().meta({ description: 'What may be spent within seconds.' }),
  coding_agents_only: z.boolean({ error: 'must be true or false' }).optional(),
  price: priceForm.nullable().optional().meta({ description: 'Per term; null (default): not sold.' }),
  term_months: z
    .int({ error: 'must be a whole number from 1 to 120' })
    .min(1, { error: 'must be a whole number from 1 to 120' })
    .max(120, { error: 'must be a whole number from 1 to 120' })
    .optional(),
});

/** The form with nothing left out. */
export const wholePlanForm = planForm.required();

export type PlanForm = z.output<typeof planForm>;
type WindowForm = z.output<typeof windowForm>;

/** The plan that a valid form means, what it leaves out filled in. */
export function planFromForm(form: PlanForm): Plan {
  const { short_term: shortTerm, price } = form;
  return {
    name: form.name,
    title: form.title ?? form.name,
    windows: (form.windows ?? []).map(windowFromForm),
    timeZone: form.time_zone ?? 'UTC+8',
    modelWeights: form.model_weights ?? {},
    models: form.models ?? null,
    concurrency: form.concurrency ?? null,
    shortTerm: shortTerm ? { ...shortTerm, unit: shortTerm.unit ?? 'calls' } : null,
    codingAgentsOnly: form.coding_agents_only ?? false,
    price: price ?? null,
    termMonths: form.term_months ?? 1,
  };
}

/** The form that says everything of a plan. */
export function planToForm(plan: Plan): z.output<typeof wholePlanForm> {
  return {
    name: plan.name,
    title: plan.title,
    windows: plan.windows.map((window) => ({
      name: window.name,
      period: periodText(window.period),
      unit: window.unit,
      limit: window.limit,
      on_store_failure: window.onStoreFailure,
    })),
    time_zone: plan.timeZone,
    model_weights: plan.modelWeights,
    models: plan.models,
    concurrency: plan.concurrency,
    short_term: plan.shortTerm,
    coding_agents_only: plan.codingAgentsOnly,
    price: plan.price,
    term_months: plan.termMonths,
  };
}

/** A window's period as it is written: `rolling 5h`, `week`. */
export function periodText(period: WindowPeriod): string {
  return 'hours' in period ? `${period.kind} ${period.hours}h` : period.kind;
}

function windowFromForm(form: WindowForm): PlanWindow {
  return {
    name: windowName(form),
    period: periodFromText(form.period),
    unit: form.unit ?? 'calls',
    limit: form.limit,
    onStoreFailure: form.on_store_failure ?? 'allow',
  };
}

/** `5h` of `rolling 5h`, `week` of `week`. */
function windowName({ name, period }: WindowForm): string {
  return name ?? (period.split(' ')[1] ?? period).replace('.', '-');
}

function periodFromText(text: string): WindowPeriod {
  const hours = spanHours(text);
  if (hours !== undefined) return { kind: text.startsWith('rolling') ? 'rolling' : 'fixed', hours };
  return calendarPeriods.find(({ kind }) => kind === text) ?? { kind: 'month' };
}

const calendarPeriods = [{ kind: 'day' }, { kind: 'week' }, { kind: 'month' }, { kind: 'calendar-month' }] as const;

function spanHours(text: string): number | undefined {
  const [, amount, unit] = / ([\d.]+)([hd])$/.exec(text) ?? [];
  return amount === undefined ? undefined : Number(amount) * (unit === 'd' ? 24 : 1);
}

function refuseSameNames(windows: readonly WindowForm[], context: z.core.$RefinementCtx): void {
  const names = windows.map(windowName);
  for (const [place, name] of names.entries()) {
    if (names.indexOf(name) === place) continue;
    const message = `repeats the name "${name}" of another window`;
    context.addIssue({ code: 'custom', message, path: [place], input: name });
  }
}

function isTimeZone(name: string): boolean {
  const fixed = /^UTC(?:[+-](\d{1,2})(?::?([0-5]\d))?)?$/.exec(name);
  if (fixed !== null) return Number(fixed[1] ?? 0) * 60 + Number(fixed[2] ?? 0) <= 14 * 60;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}
