import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { run } from '../../../src/cli/program.ts';
import { version } from '../../../src/version.ts';
import { longKey, makeFolder, removeFolder } from '../config/sample.ts';
import { FakeProcess } from './fake.ts';

interface Outcome {
  code: number;
  output: string;
  errors: string;
}

/** Runs a command line in a folder with the given files. */
async function command(
  argv: string[],
  files: Record<string, string> = {},
  env: Record<string, string> = {},
): Promise<Outcome> {
  const fake = new FakeProcess();
  fake.env = env;
  fake.cwd = makeFolder(files);
  try {
    const code = await run(argv, fake);
    return { code, output: fake.output, errors: fake.errors };
  } finally {
    removeFolder(fake.cwd);
  }
}

describe('atelier', () => {
  it('lists its commands', async () => {
    const { code, output } = await command(['--help']);
    assert.equal(code, 0);
    for (const name of ['serve', 'config', 'sandbox', 'version'])
      assert.match(output, new RegExp(`^ {2}${name} `, 'm'));
  });

  it('tells its version, short and long', async () => {
    assert.deepEqual(await command(['--version']), { code: 0, output: `${version}\n`, errors: '' });
    const { output } = await command(['version']);
    assert.equal(output, `atelier ${version}\nnode ${process.version} ${process.platform} ${process.arch}\n`);
  });

  it('suggests the right option, and the right command', async () => {
    const option = await command(['serve', '--prot', '1']);
    assert.equal(option.code, 1);
    assert.match(option.errors, /unknown option '--prot'\n\(Did you mean --port\?\)/);
    const word = await command(['config', 'chekc']);
    assert.equal(word.code, 1);
    assert.match(word.errors, /unknown command 'chekc'\n\(Did you mean check\?\)/);
    const first = await command(['serv']);
    assert.equal(first.code, 1);
    assert.match(first.errors, /^error: unknown command 'serv'\n\(Did you mean serve\?\)/);
    assert.match((await command(['dance'])).errors, /^error: unknown command 'dance'\n\(atelier --help/);
  });

  it('names the help that is about the mistake', async () => {
    const helpOf = async (...words: string[]) => /\((.+?) --help/.exec((await command(words)).errors)?.[1];
    assert.equal(await helpOf('keys', 'create'), 'atelier keys create');
    assert.equal(await helpOf('keys', 'lst'), 'atelier keys');
    assert.equal(await helpOf('--nope'), 'atelier serve');
  });
});

describe('atelier config check', () => {
  it('ends with 0 and says what would run', async () => {
    assert.deepEqual(
      await command(['config', 'check'], { 'config.yaml': 'server: {port: 9}\n' }, { OPENAI_API_KEY: 'sk-1' }),
      {
        code: 0,
        output: 'config.yaml is fine: listening on 127.0.0.1 port 9, providers: openai.\n',
        errors: '',
      },
    );
    const { output } = await command(['config', 'check']);
    assert.match(
      output,
      /^No config\.yaml here; the environment alone is fine: .* providers: none, so the sandbox answers\.\n$/,
    );
    const off = await command(['config', 'check'], {}, { ATELIER_SANDBOX: 'off' });
    assert.match(off.output, /providers: none\.\n$/);
  });

  it('ends with 1 and prints the problems like a compiler', async () => {
    const yaml = 'server: {port: x}\nlgo: {}\n';
    assert.deepEqual(await command(['config', 'check', '--config', 'a.yaml'], { 'a.yaml': yaml }), {
      code: 1,
      output: '',
      errors:
        'a.yaml:1:16: server.port: must be a whole number from 0 to 65535, not "x"\n' +
        'a.yaml:2:1: lgo: is not a setting\n    Did you mean "log"?\n\n2 problems in the configuration.\n',
    });
  });

  it('asks the vendor as well, and says where the provider is configured', async () => {
    const yaml =
      'providers:\n  bailian:\n    api_key: sk-sp-0123\n    base_url: https://dashscope.aliyuncs.com/compatible-mode/v1\n';
    const { code, errors } = await command(['config', 'check'], { 'config.yaml': yaml });
    assert.equal(code, 1);
    assert.match(errors, /^config\.yaml:4:15: providers\.bailian\.base_url: .*sk-sp-/);
    assert.match(errors, /\n    See also config\.yaml:3:14: providers\.bailian\.api_key\n/);
    const region = await command(['config', 'check'], {}, { BAILIAN_API_KEY: 'sk-1', BAILIAN_REGION: 'mars' });
    assert.match(region.errors, /^environment variable BAILIAN_REGION: providers\.bailian\.region: .*no region "mars"/);
    assert.ok(!errors.includes('sk-sp-0123'));
  });

  /*
   * Symptom: whatever was wrong with region, plan, workspace or base URL was reported at the API key. Cause: the vendor judged
   * the provider as a whole, and its first setting was taken. Fix: each finding names the settings that it comes from.
   */
  const key = 'sk-0123456789';
  const places: { what: string; env: Record<string, string>; yaml?: string; says: string[] }[] = [
    {
      what: 'a base URL and a key that do not belong together',
      env: { BAILIAN_API_KEY: key, BAILIAN_BASE_URL: 'https://coding.dashscope.aliyuncs.com/compatible-mode/v1' },
      says: [
        'environment variable BAILIAN_BASE_URL: providers.bailian.base_url: The key is a general key (sk-...)',
        '    See also environment variable BAILIAN_API_KEY: providers.bailian.api_key',
      ],
    },
    {
      what: 'a region without a shared host',
      env: { BAILIAN_API_KEY: key, BAILIAN_REGION: 'frankfurt' },
      says: [
        'environment variable BAILIAN_REGION: providers.bailian.region: Frankfurt (eu-central-1) has no shared host',
      ],
    },
    {
      what: 'a plan in the file and a base URL in the environment',
      env: { BAILIAN_API_KEY: key, BAILIAN_BASE_URL: 'https://dashscope.aliyuncs.com/compatible-mode/v1' },
      yaml: 'providers:\n  bailian:\n    plan: coding\n',
      says: [
        'environment variable BAILIAN_BASE_URL: providers.bailian.base_url: The base URL is a pay as you go address',
        '    See also config.yaml:3:11: providers.bailian.plan',
      ],
    },
    {
      what: 'a workspace that is none',
      env: { BAILIAN_API_KEY: key, BAILIAN_WORKSPACE: 'evil.example/' },
      says: ['environment variable BAILIAN_WORKSPACE: providers.bailian.workspace: The workspace id is not one'],
    },
    {
      what: 'a key of another product',
      env: { BAILIAN_API_KEY: 'ms-0123456789', BAILIAN_REGION: 'sg' },
      says: ['environment variable BAILIAN_API_KEY: providers.bailian.api_key: The key is a ModelScope token'],
    },
  ];
  for (const { what, env, yaml, says } of places) {
    it(`names where it is written: ${what}`, async () => {
      const { code, errors } = await command(
        ['config', 'check'],
        yaml === undefined ? {} : { 'config.yaml': yaml },
        env,
      );
      assert.equal(code, 1);
      const lines = errors.split('\n');
      for (const [place, text] of says.entries()) assert.ok(lines[place]?.startsWith(text), errors);
    });
  }

  it('warns where it is written, with the setting as it is called', async () => {
    const env = { BAILIAN_API_KEY: key, BAILIAN_BASE_URL: 'https://batch.dashscope.aliyuncs.com/compatible-mode/v1' };
    const { code, errors } = await command(['config', 'check'], {}, env);
    assert.equal(code, 0);
    assert.match(
      errors,
      /^warning: environment variable BAILIAN_BASE_URL: providers\.bailian\.base_url: .* timeouts\.first_byte_ms /,
    );
  });

  it('takes the options of serve into account', async () => {
    const { code, errors } = await command(['config', 'check', '--host', 'no host']);
    assert.equal(code, 1);
    assert.match(errors, /^--host: server\.host: .*must be an IP address or a host name/);
  });

  it('prints warnings and still ends with 0', async () => {
    const { code, errors } = await command(['config', 'check'], { 'config.yaml': 'providers: {bailian: {}}\n' });
    assert.equal(code, 0);
    assert.match(errors, /^warning: config\.yaml:1:13: providers\.bailian: has no API key/);
  });
});

describe('atelier config print', () => {
  it('prints only YAML to standard output, without the secrets', async () => {
    const env = { BAILIAN_API_KEY: longKey, ATELIER_MASTERKEY: 'x' };
    const { code, output, errors } = await command(['config', 'print', '--port', '7'], {}, env);
    assert.equal(code, 0);
    assert.match(output, /^ {2}port: 7 +# --port$/m);
    assert.match(output, /^ {4}api_key: sk-\.\.\.stuv +# env BAILIAN_API_KEY$/m);
    assert.ok(!output.includes(longKey));
    assert.match(errors, /^warning: /);
  });

  it('ends with 1 when there is nothing valid to print', async () => {
    const { code, output } = await command(['config', 'print', '--port', 'x']);
    assert.deepEqual([code, output], [1, '']);
  });
});
