import { isObject } from '../../../src/domain/json.ts';
import type { JsonObject } from '../../../src/domain/json.ts';
import { run } from '../../../src/cli/program.ts';
import { makeFolder, removeFolder } from '../config/sample.ts';
import { FakeProcess } from './fake.ts';

export interface Outcome {
  code: number;
  output: string;
  errors: string;
}

/** A folder whose gateway is stopped: nothing listens on port 1. */
export class StoppedGateway implements Disposable {
  readonly cwd: string;

  constructor(files: Record<string, string> = {}) {
    this.cwd = makeFolder(files);
  }

  /** Runs `atelier` with these arguments. */
  async atelier(
    line: string,
    { env = {}, piped }: { env?: Record<string, string>; piped?: string[] } = {},
  ): Promise<Outcome> {
    const fake = new FakeProcess();
    fake.cwd = this.cwd;
    fake.env = { PORT: '1', ...env };
    fake.piped = piped;
    const code = await run(line.split(' '), fake);
    return { code, output: fake.output, errors: fake.errors };
  }

  /** The JSON that a command prints. */
  async json(line: string): Promise<JsonObject[]> {
    const { output } = await this.atelier(`${line} --json`);
    const parsed: unknown = JSON.parse(output);
    return Array.isArray(parsed) ? parsed.filter(isObject) : isObject(parsed) ? [parsed] : [];
  }

  /** The one object that a command prints as JSON. */
  async object(line: string): Promise<JsonObject> {
    return (await this.json(line))[0] ?? {};
  }

  [Symbol.dispose](): void {
    removeFolder(this.cwd);
  }
}
