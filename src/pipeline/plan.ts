import type { PipelineDependencies } from './dependencies.ts';
import type { Planned, Read } from './stages.ts';

/** Model name to ordered targets. Throws 404 for a model nobody has. */
export function plan(read: Read, dependencies: Pick<PipelineDependencies, 'route'>): Planned {
  return { ...read, targets: dependencies.route(read.model, read.protocol) };
}
