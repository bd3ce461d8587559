import { isObject, parseJson } from '../../domain/json.ts';
import type { CurrentRequest } from './request-text.ts';

const maxResultLength = 1_500;

/** The answer that uses what the tools returned. */
export function answerFromResults(request: CurrentRequest): string {
  const results = request.done.map(({ call, result }) => ({
    call,
    text: resultText(result?.text ?? ''),
  }));
  const lines = results.map(({ call, text }) => describe(call, text, request.chinese));
  return lines.join('\n\n');
}

function describe(call: { name: string; argumentsJson: string }, text: string, chinese: boolean): string {
  const command = commandOf(call.argumentsJson);
  const what = command === undefined ? call.name : `\`${command}\``;
  if (text === '') return chinese ? `${what} 没有输出。` : `${what} returned nothing.`;
  if (command !== undefined) return chinese ? `${what} 的输出是：\n\n${text}` : `The output of ${what} is:\n\n${text}`;
  return chinese ? `根据 ${what} 的结果：${text}` : `According to ${what}: ${text}`;
}

function commandOf(argumentsJson: string): string | undefined {
  const args = parseJson(argumentsJson);
  const command = isObject(args) ? (args.command ?? args.cmd ?? args.script) : undefined;
  const text = Array.isArray(command) ? command.at(-1) : command;
  return typeof text === 'string' ? text : undefined;
}

/** What the tool said, out of the wrappers that agents put around it. */
function resultText(raw: string): string {
  const parsed = raw.startsWith('{') ? parseJson(raw) : undefined;
  const member = isObject(parsed)
    ? (parsed.output ?? parsed.stdout ?? parsed.result ?? parsed.content ?? parsed.text)
    : undefined;
  const labelled =
    /(?:^|\n)(?:Output|Stdout): ?([\s\S]*?)(?=\n(?:Error|Exit Code|Signal|Stderr|Background PIDs|Process Group PGID)\b|$)/.exec(
      raw.slice(0, 20_000),
    )?.[1];
  const text = typeof member === 'string' ? member : (labelled ?? raw);
  const trimmed = text.trim();
  return trimmed.length > maxResultLength ? `${trimmed.slice(0, maxResultLength)}…` : trimmed;
}
