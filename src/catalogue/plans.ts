/** A subscription's limits: model calls per window. The week starts Monday 00:00 UTC+8, the month on the subscription day 00:00 UTC+8. */
export interface PlanWindows {
  /** Rolling five hours. */
  fiveHours: number;
  week: number;
  month: number;
}

/** Which edition of a plan: mainland China or international. */
export type PlanEdition = 'cn' | 'intl';

/** Calls per window of the Coding Plan's two levels (source: contributors' plan collections, 2026; the reset rules from the plan's FAQ, 2026-03-20). */
export const codingPlanWindows = {
  lite: { fiveHours: 1_200, week: 9_000, month: 18_000 },
  pro: { fiveHours: 6_000, week: 45_000, month: 90_000 },
} as const satisfies Record<string, PlanWindows>;

const codingPlanListed = [
  'qwen3.7-plus',
  'qwen3.6-plus',
  'qwen3.5-plus',
  'qwen3-max-2026-01-23',
  'qwen3-coder-next',
  'qwen3-coder-plus',
  'glm-5',
  'glm-4.7',
  'kimi-k2.5',
  'MiniMax-M2.5',
  // Listed by models.dev (2026-07), not by the plan's own page.
  'qwen3.7-max',
  'qwen3.6-flash',
] as const;

/** Model ids of the Coding Plan by edition, case-sensitive (source: the plan's FAQ pages, 2026-03 to 2026-09, and models.dev). */
export const codingPlanModels: Readonly<Record<PlanEdition, readonly string[]>> = {
  cn: codingPlanListed,
  intl: codingPlanListed,
};

/** Text model ids of the Token Plan: the personal edition's overview (2026-09), then what models.dev (2026-07) adds. */
export const tokenPlanModels: readonly string[] = [
  'qwen3.8-max',
  'qwen3.8-flash',
  'qwen3.7-max',
  'qwen3.7-plus',
  'qwen3.6-flash',
  'deepseek-v4-pro',
  'deepseek-v4-pro-0813',
  'deepseek-v4-flash',
  'deepseek-v4-flash-0731',
  'deepseek-v4.1-flash',
  'glm-5.3',
  'glm-5.2',
  'qwen3.6-plus',
  'deepseek-v3.2',
  'glm-5.1',
  'glm-5',
  'kimi-k2.7-code',
  'kimi-k2.6',
  'kimi-k2.5',
  'MiniMax-M2.5',
];

/** A model the Token Plan serves under another name than asked (source: personal overview, 2026-09). */
export const tokenPlanRedirects: Readonly<Record<string, string>> = { 'qwen3.8-max-preview': 'qwen3.8-max' };
