import { createApp } from '../app/app.ts';
import type { App, AppOptions } from '../app/app.ts';
import { createLog } from '../telemetry/log.ts';
import type { CliContext } from './context.ts';
import { loadChecked } from './load-checked.ts';
import type { ConfigOptions } from './options.ts';
import { serve } from './serve.ts';
import { boundYoungGeneration } from './young-generation.ts';

/** `atelier serve` with the real parts. */
export function serveWithBuiltIns(context: CliContext, options: ConfigOptions): Promise<number> {
  const load = () => loadChecked(context, options);
  return serve(context, { load, createApp: createBoundApp, createLog });
}

async function createBoundApp(options: AppOptions): Promise<App> {
  const app = await createApp(options);
  boundYoungGeneration();
  return app;
}
