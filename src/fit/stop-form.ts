import type { JsonValue } from '../domain/json.ts';
import type { FitRule } from './rule.ts';

type Form = (value: JsonValue) => boolean;

const isText: Form = (value) => typeof value === 'string';
const isTokenId: Form = (value) => Number.isInteger(value);
const isTokenList: Form = (value) => Array.isArray(value) && value.every(isTokenId);

/** In the order of preference: texts are what a client can know. */
const forms: readonly Form[] = [isText, isTokenId, isTokenList];

/** `The "stop" parameter must be of type "str", "list[str]", "list[int]", or "list[list[int]]", and all elements ...` */
export const stopForm: FitRule = {
  id: 'stop-form',
  doc: '`stop` becomes a string or a list of one kind: of a mixed list the texts are kept, a single token id becomes a list.',
  protocols: ['openai-chat'],
  enabledByDefault: true,
  apply({ document, provider }) {
    if (provider.catalogued !== true || !document.has('stop')) return false;
    const stop = document.get('stop');
    if (stop === undefined || stop === null || isText(stop)) return false;
    const elements = Array.isArray(stop) ? stop : [stop];
    if (Array.isArray(stop) && forms.some((isForm) => elements.every(isForm))) return false;
    const kept = forms.map((isForm) => elements.filter(isForm)).find((list) => list.length > 0);
    if (kept) document.set(['stop'], kept);
    else document.remove(['stop']);
    return true;
  },
};
