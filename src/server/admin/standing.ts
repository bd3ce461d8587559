import type { Principal } from '../../domain/principal.ts';
import { planWindow } from '../../governance/windows.ts';
import type { ControlDependencies } from './dependencies.ts';
import { toWindow } from './shapes.ts';
import type { WindowJson } from './shapes.ts';

/** How the windows of a plan stand for a subscription. */
export async function standingOf(
  desk: ControlDependencies['desk'],
  holding: NonNullable<Principal['holding']>,
  now: number,
): Promise<WindowJson[]> {
  const standings = await desk.standing(holding, now);
  return standings.map((standing) => toWindow(standing, planWindow(holding.plan, standing.name)?.unit ?? 'calls'));
}
