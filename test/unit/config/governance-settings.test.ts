import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parse } from 'yaml';
import { printConfig } from '../../../src/config/print.ts';
import { planForm, planFromForm, planToForm } from '../../../src/forms/plan.ts';
import { builtInPlans } from '../../../src/governance/built-in-plans.ts';
import { checkPlan } from '../../../src/governance/plan-admin.ts';
import { sqliteFile } from '../../../src/store/sql/sqlite-file.ts';
import { load, problemsOf } from './sample.ts';

const teamYaml = `plans:
  - name: team
    title: Team
    windows:
      - {period: rolling 5h, limit: 600}
      - {name: days, period: fixed 2d, limit: 50, unit: money, on_store_failure: deny}
      - {period: calendar-month, limit: 1e6, unit: tokens}
    time_zone: Asia/Shanghai
    models: [qwen3-max]
    model_weights: {qwen3-max: 2.5}
    concurrency: 4
    short_term: {seconds: 60, limit: 30}
    coding_agents_only: true
    price: {amount: 99, currency: USD}
    term_months: 3
  - {name: free}
`;

describe('plans of the configuration', () => {
  it('become plans with all that they leave out', () => {
    const [team, free] = load({ yaml: teamYaml }).config.plans;
    assert.deepEqual(team, {
      name: 'team',
      title: 'Team',
      windows: [
        { name: '5h', period: { kind: 'rolling', hours: 5 }, unit: 'calls', limit: 600, onStoreFailure: 'allow' },
        { name: 'days', period: { kind: 'fixed', hours: 48 }, unit: 'money', limit: 50, onStoreFailure: 'deny' },
        {
          name: 'calendar-month',
          period: { kind: 'calendar-month' },
          unit: 'tokens',
          limit: 1e6,
          onStoreFailure: 'allow',
        },
      ],
      timeZone: 'Asia/Shanghai',
      modelWeights: { 'qwen3-max': 2.5 },
      models: ['qwen3-max'],
      concurrency: 4,
      shortTerm: { seconds: 60, unit: 'calls', limit: 30 },
      codingAgentsOnly: true,
      price: { amount: 99, currency: 'USD' },
      termMonths: 3,
    });
    const nothing = { windows: [], modelWeights: {}, models: null, concurrency: null, shortTerm: null, price: null };
    assert.deepEqual(free, {
      ...nothing,
      name: 'free',
      title: 'free',
      timeZone: 'UTC+8',
      codingAgentsOnly: false,
      termMonths: 1,
    });
  });

  it('come from the environment as JSON', () => {
    const { config } = load({ env: { ATELIER_PLANS: '[{"name":"a","windows":[{"period":"day","limit":3}]}]' } });
    assert.deepEqual(config.plans[0]?.windows[0]?.period, { kind: 'day' });
    assert.match(problemsOf({ env: { ATELIER_PLANS: 'nonsense' } }).join(), /ATELIER_PLANS: plans: must be a list/);
  });

  it('are printed as they are written, and read back the same', () => {
    const loaded = load({ yaml: teamYaml });
    const printed: { plans: unknown } = parse(printConfig(loaded));
    assert.deepEqual(load({ yaml: JSON.stringify({ plans: printed.plans }) }).config.plans, loaded.config.plans);
  });

  const cases: { what: string; plan: string; says: string }[] = [
    { what: 'an unknown key', plan: '{name: a, limits: 5}', says: '1:27: plans.0.limits: is not a setting' },
    {
      what: 'a period that is none',
      plan: '{name: a, windows: [{period: hourly, limit: 1}]}',
      says: '1:38: plans.0.windows.0.period: must be "rolling 5h", "fixed 5h" (h or d), day, week, month or calendar-month, not "hourly"',
    },
    {
      what: 'a span that is too long',
      plan: '{name: a, windows: [{period: rolling 9999d, limit: 1}]}',
      says: '1:38: plans.0.windows.0.period: must be a span of more than 0 and at most 10000 hours, not "rolling 9999d"',
    },
    {
      what: 'windows of the same name, given or made',
      plan: '{name: a, windows: [{period: day, limit: 1}, {name: day, period: week, limit: 2}]}',
      says: '1:54: plans.0.windows.1: repeats the name "day" of another window',
    },
    {
      what: "the short-term limit's name",
      plan: '{name: a, windows: [{name: short-term, period: day, limit: 1}]}',
      says: '1:36: plans.0.windows.0.name: must not be "short-term"',
    },
    {
      what: 'a time zone that is none',
      plan: '{name: a, time_zone: UTC+15}',
      says: '1:30: plans.0.time_zone: must be a time zone such as UTC+8 or Asia/Shanghai, not "UTC+15"',
    },
    { what: 'a missing name', plan: '{title: A}', says: '1:9: plans.0.name: must be text, not nothing' },
    {
      what: 'the same plan twice',
      plan: '{name: a}, {name: a}',
      says: '1:27: plans.1.name: repeats the name of plan 1',
    },
  ];
  for (const { what, plan, says } of cases) {
    it(`refuses ${what}`, () => assert.deepEqual(problemsOf({ yaml: `plans: [${plan}]\n` }), [`config.yaml:${says}`]));
  }
});

describe('the form of a plan', () => {
  it('says everything of the built-in plans', () => {
    for (const plan of builtInPlans) assert.deepEqual(planFromForm(planForm.parse(planToForm(plan))), plan);
  });

  it('refuses what governance refuses in time zones and takes what it takes', () => {
    const [plan] = builtInPlans;
    assert.ok(plan);
    for (const zone of [
      'UTC',
      'UTC+8',
      'UTC-03:30',
      'UTC+14',
      'UTC+1401',
      'UTC+8:99',
      'Mars/Phobos',
      'Europe/Berlin',
      '',
    ]) {
      const takes = planForm.safeParse({ name: 'a', time_zone: zone }).success;
      const check = () => checkPlan({ ...plan, timeZone: zone });
      if (takes) assert.doesNotThrow(check, zone);
      else assert.throws(check, zone);
    }
  });
});

describe('the store', () => {
  it('is a file in the data folder unless something else is said', () => {
    assert.equal(load().config.store.databaseUrl, 'sqlite:');
    assert.equal(sqliteFile('sqlite:', '/data'), '/data/atelier.db');
    assert.equal(sqliteFile('sqlite:other.db', '/data'), '/data/other.db');
    assert.equal(sqliteFile('sqlite:/var/x.db', '/data'), '/var/x.db');
    assert.equal(sqliteFile('postgres://h/d', '/data'), undefined);
  });

  it('takes database URLs, and never repeats a password', () => {
    const env = {
      ATELIER_DATABASE_URL: 'postgres://u:p@ss-word@db.test/atelier',
      ATELIER_REDIS_URL: 'rediss://:hunter2@r.test',
    };
    const loaded = load({ env });
    assert.equal(loaded.config.store.databaseUrl, env.ATELIER_DATABASE_URL);
    assert.doesNotMatch(printConfig(loaded), /ss-word|hunter2/);
    for (const url of [
      'mysql://u:hunter2@h/d',
      'postgres://u:hunter2/x@h/d',
      'sqlite://hunter2',
      'postgres:///hunter2',
    ]) {
      const [problem = ''] = problemsOf({ env: { ATELIER_DATABASE_URL: url } });
      assert.match(problem, /store.database_url: has to be sqlite:/);
      assert.doesNotMatch(problem, /hunter2/);
    }
    const alone = problemsOf({ env: { ATELIER_REDIS_URL: 'redis://r.test' } });
    assert.match(alone.join(), /store.redis_url: counts for several nodes that share one Postgres/);
    assert.match(problemsOf({ env: { ATELIER_REDIS_URL: 'r.test:6379' } }).join(), /store.redis_url: has to be redis:/);
  });
});

describe('reminders', () => {
  it('have a webhook with a secret, or none', () => {
    const secret = { ATELIER_REMINDER_WEBHOOK_SECRET: '0123456789abcdef' };
    const url = { ATELIER_REMINDER_WEBHOOK_URL: 'https://hooks.test/x' };
    assert.equal(load({ env: { ...secret, ...url } }).config.reminders.webhookUrl, 'https://hooks.test/x');
    assert.match(problemsOf({ env: url }).join(), /reminders.webhook_url: needs reminders.webhook_secret beside it/);
    assert.match(problemsOf({ env: secret }).join(), /reminders.webhook_secret: needs reminders.webhook_url beside it/);
  });

  it('have a mail server with a sender, or none', () => {
    const server = { ATELIER_REMINDER_SMTP_URL: 'smtps://atelier:hunter%402@mail.test' };
    const from = { ATELIER_REMINDER_MAIL_FROM: 'atelier@example.org' };
    const to = { ATELIER_REMINDER_MAIL_TO: 'root@example.org' };
    assert.deepEqual(load({ env: {} }).config.reminders.mail, {});
    assert.deepEqual(load({ env: { ...server, ...from, ...to } }).config.reminders.mail, {
      smtpUrl: 'smtps://atelier:hunter%402@mail.test',
      from: 'atelier@example.org',
      to: 'root@example.org',
    });
    for (const [env, problem] of [
      [server, 'smtp_url: needs reminders.mail.from'],
      [from, 'from: needs reminders.mail.smtp_url'],
      [to, 'to: needs reminders.mail.smtp_url'],
      [{ ...from, ...to }, 'from: needs reminders.mail.smtp_url'],
    ] as const)
      assert.ok(problemsOf({ env }).join().includes(`reminders.mail.${problem} beside it`), problem);
  });

  it('do not take a wrong mail server or address, nor show a password', () => {
    const from = { ATELIER_REMINDER_MAIL_FROM: 'atelier@example.org' };
    for (const url of [
      'mail.test:587',
      'http://u:hunter2@mail.test',
      'smtp://',
      'smtp://u:hunter2@mail.test/path',
      'smtp://u:hunter2@mail.test?tls=no',
      'smtp://u:hunter2/x@mail.test',
      'smtp://u:hunter2%@mail.test',
    ]) {
      const problems = problemsOf({ env: { ...from, ATELIER_REMINDER_SMTP_URL: url } }).join();
      assert.match(problems, /reminders.mail.smtp_url: has to be smtp:/, url);
      assert.doesNotMatch(problems, /hunter2/);
    }
    for (const name of ['FROM', 'TO']) {
      const env = {
        ATELIER_REMINDER_SMTP_URL: 'smtp://m.test',
        ...from,
        [`ATELIER_REMINDER_MAIL_${name}`]: 'Ada <a@b.cd>',
      };
      assert.match(problemsOf({ env }).join(), /must be a mail address such as/);
    }
  });
});
