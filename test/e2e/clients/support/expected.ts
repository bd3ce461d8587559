/** A question with the sandbox's answer to it, which is the same on every protocol. */
export const question = 'Who are you?';
export const system = 'You are a helpful assistant.';
export const answer = 'I am a large language model from Alibaba Cloud. My name is Qwen.';

/** Asks for both tools; `toolAnswer` is what the sandbox makes of their results. */
export const toolQuestion = 'What is the weather in Beijing? What time is it now?';
export const toolAnswer =
  'According to get_current_weather: It is rainy in Beijing.\n\nAccording to get_current_time: It is 17:15.';

interface TestTool {
  name: string;
  description: string;
  schema: {
    type: 'object';
    properties: Record<string, { type: 'string'; description: string }>;
    required?: string[];
    additionalProperties: false;
  };
  run(input: unknown): string;
}

/** Two tools with their results, for rounds of calls. */
export const tools: readonly TestTool[] = [
  {
    name: 'get_current_weather',
    description: 'Useful for querying the weather in a specific city.',
    schema: {
      type: 'object',
      properties: { location: { type: 'string', description: 'A city or county, such as Beijing.' } },
      required: ['location'],
      additionalProperties: false,
    },
    run: (input) => `It is rainy in ${placeOf(input)}.`,
  },
  {
    name: 'get_current_time',
    description: 'Useful for when you want to know the current time.',
    schema: { type: 'object', properties: {}, additionalProperties: false },
    run: () => 'It is 17:15.',
  },
];

function placeOf(input: unknown): string {
  if (typeof input === 'object' && input !== null && 'location' in input && typeof input.location === 'string') {
    return input.location;
  }
  return 'no place';
}

/** Runs one of the tools; `input` is the parsed arguments. */
export function runTool(name: string, input: unknown): string {
  return tools.find((tool) => tool.name === name)?.run(input) ?? `no tool ${name}`;
}

/** An answer as JSON. */
export const personSchema = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
} as const;
export const personQuestion = 'My name is Alice and I am 31 years old. Give me that as JSON.';
export const person = { name: 'Alice', age: 31 };

/** A picture of 10 by 10 pixels, the least that is taken. */
export const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGNgYGD4TxCPSqNJAAAhzv4BSzpXGQAAAABJRU5ErkJggg==';

/** A long answer, slowly: there is time to leave before it ends. */
export const slowQuestion = '[[sandbox: tps=20]] Count from 1 to 300.';
