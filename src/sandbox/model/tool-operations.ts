import { isObject, type JsonObject, type JsonValue } from '../../domain/json.ts';
import type { PromptTool } from './prompt.ts';

/** A concrete operation that a request asks for, with the tool that does it and the values that the request gives. */
export interface Operation {
  tool: PromptTool;
  values: JsonObject;
}

/** The operations on shells, files and URLs that the request spells out. */
export function findOperation(text: string, tools: readonly PromptTool[]): Operation[] {
  for (const find of finders) {
    const found = find(text, tools);
    if (found.length > 0) return found;
  }
  return [];
}

/** True for the tool lists of coding agents: they have a shell or edit files. */
export function isAgentToolset(tools: readonly PromptTool[]): boolean {
  return (
    shellOf(tools) !== undefined ||
    (fileTool(tools, /read|view/i) !== undefined && fileTool(tools, /write|edit/i) !== undefined)
  );
}

type Finder = (text: string, tools: readonly PromptTool[]) => Operation[];

const finders: readonly Finder[] = [shellOperations, writeOperation, fetchOperation, readOperation, listOperation];

function shellOperations(text: string, tools: readonly PromptTool[]): Operation[] {
  const shell = shellOf(tools);
  const commands = commandsIn(text);
  if (shell === undefined || commands.length === 0) return [];
  return commands.map((command) => ({ tool: shell.tool, values: shellValues(shell, command) }));
}

function writeOperation(text: string, tools: readonly PromptTool[]): Operation[] {
  const tool = fileTool(tools, /write|create/i);
  const match =
    /(?:create|write|save|make|创建|写入|新建)[^\n]{0,60}?(?:file|文件)\s*(?:named|called|at|to|名为|叫)?\s*[`"'“]?([\w./~-]{1,200})[`"'”]?[^\n]{0,80}?(?:content|contents|containing|text|saying|says|内容(?:为|是)?)\s*[:：]?\s*(?:[`"“]([^`"”]{1,2000})[`"”]|'([^']{1,2000})')/i.exec(
      text,
    );
  const content = match?.[2] ?? match?.[3];
  if (tool === undefined || match?.[1] === undefined || content === undefined) return [];
  const values = {
    [keyOf(tool, pathKey) ?? 'path']: match[1],
    [keyOf(tool, /^(content|contents|text|file_?text|data)$/i) ?? 'content']: content,
  };
  return [{ tool, values }];
}

function fetchOperation(text: string, tools: readonly PromptTool[]): Operation[] {
  const url = /https?:\/\/[^\s"'`<>()，。]+/.exec(text)?.[0].replace(/[.,;:!?]+$/, '');
  const tool = tools.find(
    (each) =>
      keyOf(each, /^(url|uri)$/i) !== undefined && /fetch|browse|open|web|http|url|navigate|scrape/i.test(each.name),
  );
  if (
    url === undefined ||
    tool === undefined ||
    !/fetch|open|visit|read|summari[sz]e|browse|get|download|访问|打开|抓取|读取/i.test(text)
  )
    return [];
  return [{ tool, values: { [keyOf(tool, /^(url|uri)$/i) ?? 'url']: url } }];
}

function readOperation(text: string, tools: readonly PromptTool[]): Operation[] {
  const path =
    /(?:\b(?:read|open|show|display|print|cat|view|look at|contents? of|what(?:'s| is) in)\b|读取|打开|查看|显示)[^\n]{0,60}?[\s`"'“]((?:[\w.~-]{0,100}\/)[\w./-]{1,200}|[\w-]{1,100}\.[a-z]{1,5}\d?)(?=$|[\s`"'”,;:?!，。]|\.(?:\s|$))/i.exec(
      text,
    )?.[1];
  if (path === undefined) return [];
  const reader = fileTool(tools, /^(?!.*(?:write|edit|search|list|glob|grep)).*(?:read|view|cat|open)/i);
  if (reader !== undefined) return [{ tool: reader, values: { [keyOf(reader, pathKey) ?? 'path']: path } }];
  const shell = shellOf(tools);
  return shell === undefined ? [] : [{ tool: shell.tool, values: shellValues(shell, `cat ${path}`) }];
}

function listOperation(text: string, tools: readonly PromptTool[]): Operation[] {
  const match =
    /(?:\b(?:list|show|what)\b[^\n.]{0,40}\b(?:files|directory|folder)\b|列出[^\n。]{0,20}(?:文件|目录))(?:[^\n]{0,30}?[\s`"'“]((?:[\w.~-]{0,100}\/)[\w./-]{0,200}))?/i.exec(
      text,
    );
  if (match === null) return [];
  const path = match[1] ?? '.';
  const lister = tools.find(
    (tool) =>
      /^(?!.*(?:todo|task|code)).*(?:list_?(?:dir|files)|ls$|LS$|readdir)/i.test(tool.name) &&
      keyOf(tool, pathKey) !== undefined,
  );
  if (lister !== undefined) return [{ tool: lister, values: { [keyOf(lister, pathKey) ?? 'path']: path } }];
  const shell = shellOf(tools);
  return shell === undefined
    ? []
    : [{ tool: shell.tool, values: shellValues(shell, path === '.' ? 'ls' : `ls ${path}`) }];
}

interface Shell {
  tool: PromptTool;
  key: string;
}

const shellName = /bash|shell|terminal|exec|command|powershell|(?:^|_)run(?:_|$)|(?:^|_)cmd(?:_|$)/i;
const notShell = /kill|output|background|cron|monitor|task|list|stdin|stop|write|slash/i;

function shellOf(tools: readonly PromptTool[]): Shell | undefined {
  for (const tool of tools) {
    const key = keyOf(tool, /^(command|cmd|commands|script|command_?line)$/i);
    if (key !== undefined && shellName.test(tool.name) && !notShell.test(tool.name)) return { tool, key };
  }
  return undefined;
}

/** The command in the form that the tool's schema wants: a text, or a list that a shell is told to run. */
function shellValues({ tool, key }: Shell, command: string): JsonObject {
  const properties = propertiesOf(tool);
  const values: JsonObject = { [key]: commandValue(properties[key], key, command) };
  if (isObject(properties.description)) values.description = `Run ${command}`.slice(0, 80);
  return { ...values, ...flagValues(tool) };
}

function commandValue(schema: JsonValue | undefined, key: string, command: string): JsonValue {
  if (!isObject(schema) || schema.type !== 'array') return command;
  return /commands$/i.test(key) ? [command] : ['bash', '-lc', command];
}

/** Required flags such as `is_background` or `requires_approval` are off: the command is short and harmless to wait for. */
function flagValues(tool: PromptTool): JsonObject {
  const required = Array.isArray(tool.schema.required) ? tool.schema.required : [];
  const flags = Object.entries(propertiesOf(tool)).filter(
    ([key, schema]) => required.includes(key) && isObject(schema) && schema.type === 'boolean',
  );
  return Object.fromEntries(
    flags.filter(([key]) => /background|approval|interactive/i.test(key)).map(([key]) => [key, false]),
  );
}

const shellVerb =
  /\b(?:run|running|execute|executing)\b|\b(?:use|invoke|call|in|with)\s+(?:the\s+|your\s+|a\s+)?[`"']?(?:bash|shell|terminal|run_shell_command|execute_command)\b|运行|执行/i;
/** A question about a command is no order to run it. */
const question =
  /^(?:please\s+)?(?:explain|how|what|why|when|describe|is|are|does|do|should|which|解释|什么|为什么|怎么|如何)/i;
const quotedCommand = /`([^`\n]{1,2000})`/g;

/** The shell commands that a request spells out, in their order. */
function commandsIn(text: string): string[] {
  const verb = shellVerb.exec(text);
  if (verb === null || question.test(text)) return [];
  const rest = text.slice(verb.index);
  const inCode = [...rest.matchAll(quotedCommand)].map((match) => match[1]).filter(isCommand);
  if (inCode.length > 0) return [...new Set(inCode)].slice(0, 8);
  const named = bareCommand(rest);
  return named === undefined ? [] : [named];
}

function isCommand(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '' && !/^(?:bash|shell|sh|run_shell_command|Bash)$/.test(text.trim());
}

const bareForms = [
  /(?:command|shell|bash|terminal|命令)[^"'“\n]{0,30}["“]([^"”\n]{1,2000})["”]/i,
  /(?:command|shell|bash|terminal|命令)[^"'“\n]{0,30}'([^'\n]{1,2000})'/i,
  /(?:command|shell|bash|terminal|命令)\s*(?:tool)?\s*(?:to run)?\s*[:：]\s*([^\n]{1,2000})/i,
  /(?:run|execute)\s+(?:the\s+)?(?:following\s+)?(?:shell\s+|bash\s+|terminal\s+)command\s+([^\n]{1,2000})/i,
  /(?:run|execute|运行|执行)\s*(?:the\s+|命令\s*)?((?:echo|ls|pwd|cat|date|whoami|uname|git|npm|npx|node|python3?|make|curl|grep|find|head|tail|wc|env|printf|mkdir|touch)\b[^\n]{0,2000})/i,
];
const afterCommand =
  /\s*(?:,|，)?\s*(?:\b(?:and|then)\s+(?:tell|show|report|then|print|give|return|summari[sz]e|answer|reply|say|explain|output)\b|(?:in|with|using)\s+(?:the\s+|a\s+)?(?:shell|bash|terminal)\b|并|然后|，).*$|[.。]\s.*$|[.。]$/is;

function bareCommand(text: string): string | undefined {
  for (const form of bareForms) {
    const found = form.exec(text)?.[1]?.replace(afterCommand, '').trim();
    if (found !== undefined && found !== '') return found;
  }
  return undefined;
}

const pathKey =
  /^(?:absolute_?|target_?|relative_?)?(?:file_?|dir_?|directory_?)?(?:path|name|file|dir|directory)$|^(?:file|dir)_path$|^filePath$/i;

function fileTool(tools: readonly PromptTool[], name: RegExp): PromptTool | undefined {
  return tools.find(
    (tool) =>
      name.test(tool.name) &&
      !/todo|memory|notebook|web|mcp|resource|image/i.test(tool.name) &&
      keyOf(tool, pathKey) !== undefined,
  );
}

function propertiesOf(tool: PromptTool): JsonObject {
  return isObject(tool.schema.properties) ? tool.schema.properties : {};
}

/** The first argument whose name fits. */
function keyOf(tool: PromptTool, pattern: RegExp): string | undefined {
  return Object.keys(propertiesOf(tool)).find((key) => pattern.test(key));
}
