import { codingPlanModels, tokenPlanModels } from '../../../catalogue/plans.ts';
import type { Plan, ProviderSettings } from '../../../domain/provider.ts';
import { parseBaseUrl } from '../../base-url.ts';
import type { BaseUrl } from '../../base-url.ts';
import { aboutBaseUrl, baseUrlAndRegion, defaultBases, locateBaseUrl } from '../../location.ts';
import { envName, ProviderConfigError } from '../../provider-config-error.ts';
import type { ProviderWarning } from '../../provider-config-error.ts';
import type { Location } from '../vendor.ts';
import { classifyHost, findRegion, planPaths, planTitles, regions, sharedHostOf, workspaceHost } from './hosts.ts';
import type { KnownHost, Region } from './hosts.ts';
import { judgeKey, keyKind } from './key.ts';
import { surfacesOf } from './surfaces.ts';

const title = 'Alibaba Cloud Model Studio';

/**
 * Where a Bailian provider is: by base URL, or by region, workspace and plan (Beijing, pay as you go, when nothing is said).
 * Throws ProviderConfigError for combinations of key, host, region, plan and workspace that the platform refuses.
 */
export function locateBailian(settings: ProviderSettings): Location {
  if (settings.baseUrl === undefined) return locateByRegion(settings);
  if (settings.region !== undefined) throw baseUrlAndRegion(settings.name);
  if (settings.workspace !== undefined) {
    throw new ProviderConfigError({
      provider: settings.name,
      message: 'Both a base URL and a workspace are given.',
      fix: 'Keep one of them: a workspace is part of its own host name.',
      settings: ['base_url', 'workspace'],
    });
  }
  const url = parseBaseUrl(settings.baseUrl, settings.name);
  const host = classifyHost(url.hostname);
  return host ? locateKnownHost(settings, url, host) : locateProxy(settings, url);
}

function locateByRegion(settings: ProviderSettings): Location {
  const region = requireRegion(settings);
  if (settings.plan === undefined && keyKind(settings.apiKey ?? '') === 'plan') throw ambiguousPlanKey(settings);
  const plan = settings.plan ?? 'payg';
  const location = atPlan(plan, `https://${requireHost(settings, region, plan)}`);
  return { ...location, warnings: keyWarnings(settings, plan) };
}

function requireRegion(settings: ProviderSettings): Region {
  const name = settings.region ?? 'cn-beijing';
  const region = findRegion(name);
  if (region) return region;
  const known = regions.map(({ id, aliases: [alias] }) => `${id} (${alias})`).join(', ');
  throw new ProviderConfigError({
    provider: settings.name,
    message: `Model Studio has no region ${JSON.stringify(name.slice(0, 40))}.`,
    fix: `Use one of ${known}.`,
    settings: ['region'],
  });
}

function requireHost(settings: ProviderSettings, region: Region, plan: Plan): string {
  const { workspace, name } = settings;
  if (workspace !== undefined) {
    if (plan !== 'payg') {
      throw new ProviderConfigError({
        provider: name,
        message: `A workspace has its own host for pay as you go only, not for the ${planTitles[plan]}.`,
        fix: `Take ${envName(name, 'WORKSPACE')} away, or the plan.`,
        settings: ['workspace', 'plan'],
      });
    }
    if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(workspace)) {
      throw new ProviderConfigError({
        provider: name,
        message: 'The workspace id is not one: it has letters, digits and dashes only.',
        fix: 'Copy it from the workspace page of the console.',
        settings: ['workspace'],
      });
    }
    return workspaceHost(workspace, region);
  }
  const host = sharedHostOf(region, plan);
  if (host !== undefined) return host;
  if (plan === 'payg') {
    throw new ProviderConfigError({
      provider: name,
      message: `${region.title} (${region.id}) has no shared host: each workspace has its own.`,
      fix: `Set ${envName(name, 'WORKSPACE')} to the id shown on the workspace page of the console.`,
      settings: ['region'],
    });
  }
  const offered = regions.filter((candidate) => sharedHostOf(candidate, plan) !== undefined).map(({ id }) => id);
  throw new ProviderConfigError({
    provider: name,
    message: `The ${planTitles[plan]} does not exist in ${region.title} (${region.id}).`,
    fix: `Use ${offered.join(' or ')}.`,
    settings: ['region', 'plan'],
  });
}

/** A host of Model Studio: whatever path was pasted, its own paths are used. */
function locateKnownHost(settings: ProviderSettings, url: BaseUrl, host: KnownHost): Location {
  if (settings.plan !== undefined && settings.plan !== host.plan) {
    throw new ProviderConfigError({
      provider: settings.name,
      message: `The base URL is a ${planTitles[host.plan]} address, the plan says ${planTitles[settings.plan]}.`,
      fix: 'Take one of the two away.',
      settings: ['base_url', 'plan'],
    });
  }
  const warnings = [...keyWarnings(settings, host.plan), ...hostWarnings(url, host).map(aboutBaseUrl)];
  const port = /:\d+$/.exec(url.origin)?.[0] ?? '';
  const location = atPlan(host.plan, `https://${url.hostname}${port}`);
  if (!host.batch) return { ...location, warnings };
  return { ...location, bases: { 'openai-chat': planPaths[host.plan].openai }, embeds: false, warnings };
}

function hostWarnings(url: BaseUrl, host: KnownHost): string[] {
  const warnings: string[] = [];
  if (url.origin.startsWith('http:')) warnings.push('The base URL was plain http; https is used.');
  if (!host.documented) warnings.push(`${url.hostname} is not a host that Model Studio documents; check its spelling.`);
  if (!isOwnPath(host.plan, url.path)) {
    const { openai, anthropic } = planPaths[host.plan];
    warnings.push(`The path ${url.path} of the base URL is not one of this host; ${openai} and ${anthropic} are used.`);
  }
  if (host.batch) {
    warnings.push('The Batch Chat host may answer after up to an hour: raise timeouts.first_byte_ms of this provider.');
  }
  return warnings;
}

/** A host of someone else that passes calls on: its address is used as it is and its keys are its own affair. */
function locateProxy(settings: ProviderSettings, url: BaseUrl): Location {
  const plan = settings.plan ?? (keyKind(settings.apiKey ?? '') === 'plan' ? undefined : 'payg');
  const location = locateBaseUrl({ title, surfaces: surfacesOf(plan ?? 'payg') }, url);
  return { ...location, ...planFacts(plan) };
}

function atPlan(plan: Plan, origin: string): Omit<Location, 'warnings'> {
  return { root: { origin, prefix: '' }, bases: defaultBases(surfacesOf(plan)), query: '', ...planFacts(plan) };
}

/** The Coding Plan has chat only, and no model list; none is documented for the Token Plan. Both serve what their pages name. */
function planFacts(plan: Plan | undefined): Pick<Location, 'plan' | 'listsModels' | 'embeds' | 'models'> {
  if (plan === 'coding') return { plan, listsModels: false, embeds: false, models: codingPlanModels.cn };
  if (plan === 'token') return { plan, listsModels: false, models: tokenPlanModels };
  return plan ? { plan } : {};
}

/** True for '', the plan's own bases, and the Anthropic base with the `/v1` of its call. */
function isOwnPath(plan: Plan, path: string): boolean {
  const { openai, anthropic, native } = planPaths[plan];
  return ['', openai, anthropic, `${anthropic}/v1`, native].includes(path);
}

function keyWarnings(settings: ProviderSettings, plan: Plan): ProviderWarning[] {
  const verdict = judgeKey(keyKind(settings.apiKey ?? ''), plan, settings.name);
  if (!verdict) return [];
  if ('warn' in verdict) return [{ message: verdict.warn, settings: ['api_key'] }];
  const { refuse: message, fix, contradicts } = verdict;
  const concerned = contradicts ? (['base_url', 'plan', 'api_key'] as const) : (['api_key'] as const);
  throw new ProviderConfigError({ provider: settings.name, message, fix, settings: concerned });
}

function ambiguousPlanKey(settings: ProviderSettings): ProviderConfigError {
  const plan = envName(settings.name, 'PLAN');
  return new ProviderConfigError({
    provider: settings.name,
    message: 'The key is a plan key (sk-sp-...), whose form is the same for the Coding Plan and the Token Plan.',
    fix: `Say which it is: ${plan}=coding or ${plan}=token (plan: in config.yaml), or give the base URL of the plan.`,
    settings: ['api_key'],
  });
}
