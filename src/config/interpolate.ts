/** What went wrong in a text with `${NAME}` references, and where in the text. */
export interface InterpolationProblem {
  /** Index of the reference in the text. */
  index: number;
  /** The reference as written, for finding it in the file. */
  reference: string;
  message: string;
  suggestion: string;
}

export interface Interpolation {
  text: string;
  /** Whether anything was replaced, so that the result is a value from outside and not what the file says. */
  replaced: boolean;
  problems: InterpolationProblem[];
}

const reference = /\$\$\{|\$\{([^{}]*)\}?/g;
const form = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/**
 * Replaces `${NAME}` by a variable's value and `${NAME:-default}` by the default where it is unset or empty.
 * `$${` stands for `${` itself. References do not nest, and a variable's value is not searched for further ones.
 */
export function interpolate(text: string, valueOf: (name: string) => string | undefined): Interpolation {
  const problems: InterpolationProblem[] = [];
  let replaced = false;
  const result = text.replaceAll(reference, (match: string, body: string | undefined, index: number) => {
    if (body === undefined) return '${';
    const parts = match.endsWith('}') ? form.exec(body) : null;
    if (parts === null) {
      problems.push(malformed(match, index));
      return match;
    }
    const [, name = '', fallback] = parts;
    const value = valueOf(name);
    replaced = true;
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value === undefined) problems.push(unset(name, match, index));
    return value ?? '';
  });
  return { text: result, replaced, problems };
}

function malformed(match: string, index: number): InterpolationProblem {
  return {
    index,
    reference: match,
    message: 'contains a reference that cannot be read',
    suggestion: 'Write ${NAME} or ${NAME:-default}; a default cannot contain { or }. For a plain ${ write $${.',
  };
}

function unset(name: string, match: string, index: number): InterpolationProblem {
  return {
    index,
    reference: match,
    message: `refers to the environment variable ${name}, which is not set`,
    suggestion: `Set ${name} in the environment or in .env, or give a default: \${${name}:-}`,
  };
}
