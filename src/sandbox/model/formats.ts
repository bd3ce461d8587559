import { lookUp } from '../../wire/dispatch.ts';
import type { Facts } from './extract.ts';

/** A format of JSON Schema: how a value of it comes about, and how it is made another or a longer one without leaving it. */
export interface TextFormat {
  /** What the text names, as far as it is of this format. */
  named: (facts: Facts) => string | undefined;
  /** The value made up; `index` from 0, each another one up to `count`. */
  made: (index: number) => string;
  count: number;
  /** As long as asked for, or as long as the format allows; formats of one length have none. */
  longer?: (text: string, length: number) => string;
  /** For a `maxLength` below the usual. */
  short?: string;
}

const day = 86_400_000;
const newYear = Date.UTC(2025, 0, 1);
const noon = newYear + day / 2;

function moment(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** A fraction of a second may have any number of digits (RFC 3339). */
function withFraction(text: string, length: number): string {
  const [, head = '', fraction = '.', zone = ''] = /^(.*?)(\.\d*)?(Z|[+-]\d\d:\d\d)?$/s.exec(text) ?? [];
  return head + fraction.padEnd(Math.max(2, length - head.length - zone.length), '0') + zone;
}

/** Labels of at most 63 letters in front, 253 in all (RFC 1035). */
function longerHost(host: string, length: number): string {
  let name = host;
  while (name.length < Math.min(length, 253)) {
    const missing = Math.min(length, 253) - name.length;
    // One character cannot be a label with its dot: two are the least that a label adds.
    name = `${'a'.repeat(Math.min(63, Math.max(1, missing - 1)))}.${name}`;
  }
  return name.length > 253 ? host : name;
}

/** The local part has at most 64 characters (RFC 5321), the rest goes to the host. */
function longerEmail(email: string, length: number): string {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at).padEnd(Math.min(64, length - (email.length - at)), 'x');
  return `${local}@${longerHost(email.slice(at + 1), length - local.length - 1)}`;
}

const web: TextFormat = {
  named: (facts) => facts.urls[0],
  made: (index) => `https://example.com/${index === 0 ? '' : index + 1}`,
  count: 1_000,
  // Letters are allowed at the end of a path, a query and a fragment alike.
  longer: (text, length) => text.padEnd(length, 'a'),
  short: 'https://a.co',
};

const formats: Readonly<Record<string, TextFormat>> = {
  'date-time': {
    named: (facts) => facts.dates.find((date) => date.includes('T')),
    made: (index) => moment(newYear + index * day),
    count: 1_000,
    longer: withFraction,
  },
  date: {
    named: (facts) => facts.dates[0]?.slice(0, 10),
    made: (index) => moment(newYear + index * day).slice(0, 10),
    count: 1_000,
  },
  time: {
    named: () => undefined,
    made: (index) => moment(noon + index * 1_000).slice(11),
    count: 1_000,
    longer: withFraction,
  },
  email: {
    named: (facts) => facts.emails[0],
    made: (index) => `user${index === 0 ? '' : index + 1}@example.com`,
    count: 1_000,
    longer: longerEmail,
    short: 'a@b.co',
  },
  uri: web,
  url: web,
  uuid: {
    named: () => undefined,
    made: (index) => `123e4567-e89b-42d3-a456-${426_614_174_000 + index}`,
    count: 1_000,
  },
  ipv4: {
    named: () => undefined,
    made: (index) => `192.0.2.${index + 1}`,
    count: 254,
    longer: (text, length) =>
      length <= text.length ? text : `192.168.100.${'200'.slice(0, Math.max(1, length - 12))}`,
  },
  hostname: {
    named: () => undefined,
    made: (index) => `${index === 0 ? '' : `host${index + 1}.`}example.com`,
    count: 1_000,
    longer: longerHost,
    short: 'a.co',
  },
};

/** The format of that name; undefined when the schema names none that is known here. */
export function formatOf(name: unknown): TextFormat | undefined {
  return typeof name === 'string' ? lookUp(formats, name) : undefined;
}
