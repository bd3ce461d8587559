import { codingAgents } from '../../../src/catalogue/coding-agents.ts';
import { fitChecks } from '../../../src/fit/checks/checks.ts';
import { planClientId } from '../../../src/fit/checks/plan-client.ts';
import { embeddingsBatch } from '../../../src/fit/embeddings-batch.ts';
import { fitRules } from '../../../src/fit/rules.ts';
import { alwaysCases } from './fit-always.ts';
import { checkCases, fitCases } from './fit-cases.ts';
import type { FitCase } from './fit-cases.ts';

/** The command that writes the page again, for the note in it and for the test that finds it stale. */
export const regenerateCommand = 'node scripts/generate-fit-reference.ts';

/** The text of `docs/fit.md`: the rules, and for each of them what the tests see Model Studio answer without it. */
export function fitReference(): string {
  const parts = [
    introduction,
    '## On by default',
    table([...fitRules.filter(({ enabledByDefault }) => enabledByDefault), embeddingsBatch]),
    '## Off by default',
    'These change what the model reads. Switch them on in the configuration.',
    table(fitRules.filter(({ enabledByDefault }) => !enabledByDefault)),
    checks(),
    always(),
    switching,
  ];
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`;
}

const introduction = `
<!-- Made from src/fit and test/e2e/support/fit-{cases,always}.ts by \`${regenerateCommand}\`. Change those, not this file. -->

# Fit: requests that arrive

Model Studio refuses many requests that other services take. A fit rule knows one such pitfall: it looks whether the
target model and endpoint need the change, and makes it. It decides by what the catalogue knows of the model; requests to
unknown models, and to other vendors but for a few known pitfalls, are left alone. Each rule that changed something is named in the response header
\`x-atelier-adjusted\` and in the request log; the same header also names members that a translation between protocols had
to leave out.

The text in the second column is what the platform answers without the rule; the tests send each of these requests with
the rule and without it. Rules act in the order of the tables. Where a rule moves, adds or takes out whole messages, the list of
messages is written anew; otherwise every byte outside the changed values stays as received.
`;

type Row = Pick<(typeof fitRules)[number], 'id' | 'doc' | 'protocols'>;

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ id, doc, protocols }) => {
    const where = protocols.length > 1 ? 'both' : protocols[0] === 'openai-chat' ? 'OpenAI' : 'Anthropic';
    return `| \`${id}\` | ${answersWithout(id)} | ${cell(doc)} | ${where} |`;
  });
  return ['| Rule | Without it Model Studio answers | With it | Protocol |', '|---|---|---|---|', ...lines].join('\n');
}

function answersWithout(id: string): string {
  const texts = [...fitCases, ...checkCases].filter(({ rule }) => rule === id).map(({ without }) => written(without));
  return [...new Set(texts)].join('<br>');
}

function written(without: FitCase['without']): string {
  if ('answered' in without) return cell(without.answered);
  return `${without.status} \`${cell(without.message)}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function checks(): string {
  const agents = [...new Set(codingAgents.map(({ agent }) => agent))].join(', ');
  return `
## Checked before sending

What the platform is sure to refuse is refused at once, in its words, with origin \`gateway\` and what to do; no call is
spent. A model name that no provider has is answered with 404 and the nearest names.

${table(fitChecks)}

\`${planClientId}\`: the key of a Coding Plan (\`plan: coding\`) serves interactive coding agents only. Any other client gets
405 \`Coding Plan is currently only available for Coding Agents\` and no call is made. A client is taken for what its own
headers say (${agents}); the gateway sends them on as they are. Agents that do not name
themselves are added with \`fit.coding_agents\`. This check cannot be switched off.`;
}

function always(): string {
  const rows = alwaysCases.map(({ id, without, doc, reason }) => {
    return `| \`${id}\` | ${without.map(written).join('<br>')} | ${cell(doc)} | ${cell(reason)} |`;
  });
  return `
## Always

${['| Id | Without it Model Studio answers | With it | Why there is no switch |', '|---|---|---|---|', ...rows].join('\n')}`;
}

const switching = `
## Switching

\`\`\`yaml
fit:
  rules:                       # everywhere
    json-word: true
  providers:                   # for one provider
    bailian: {system-first: false}
  models:                      # for one model, which counts most
    qwen3-max: {thinking-json: false}
\`\`\`

A request with the header \`x-atelier-fit: off\` is sent as it is: no rule and no check but \`${planClientId}\` applies.

A call that is streamed upstream for a client that asked for one answer (\`thinking-needs-stream\`, \`stream-only\`) is folded:
text, thoughts, tool calls, finish reason and usage of the first choice; \`logprobs\` are lost.
`;
