import * as z from 'zod';

/** What is known of a setting beside its type and default; documents, messages and sources are made from it. */
export interface SettingMeta {
  /** One or more full sentences for the reference. */
  description: string;
  /** The environment variable that sets it. */
  env?: string;
  /** For a provider's settings: what follows `<VENDOR>_` in the variable's name. */
  envSuffix?: string;
  unit?: string;
  /** Never shown, only masked. */
  secret?: true;
  /** A change takes effect only after a restart. */
  restart?: true;
  /** The value as it is written in YAML, where it is not simply the value in code. */
  written?: (value: unknown) => unknown;
  /** The name in YAML where it is not simply the snake_case of the name in code. */
  key?: string;
}

export type ObjectSchema = z.ZodObject<Record<string, z.ZodType>>;

// Written only by `setting` while the schema modules are read, then only looked up.
const described = z.registry<SettingMeta>();

/** Declares a setting: its zod type, and what is known of it. */
export function setting<Type extends z.ZodType>(schema: Type, meta: SettingMeta): Type {
  described.add(schema, meta);
  return schema;
}

/** Declares a group of settings with the sentence that introduces it. */
export function section<Shape extends Record<string, z.ZodType>>(
  description: string,
  shape: Shape,
): z.ZodObject<Shape, z.core.$strict> {
  return setting(z.strictObject(shape), { description });
}

/** What was declared with a setting or section. */
export function metaOf(schema: z.ZodType): SettingMeta {
  const meta = described.get(schema);
  if (meta === undefined) throw new Error('A setting was declared without its description.');
  return meta;
}

export function isSection(schema: z.ZodType): schema is ObjectSchema {
  return schema instanceof z.ZodObject;
}

/** The name of a setting in YAML: `bodyLimitBytes` is `body_limit_bytes`. */
export function yamlKey(name: string, schema: z.ZodType): string {
  return metaOf(schema).key ?? name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function joinPath(parent: string, key: string): string {
  return parent === '' ? key : `${parent}.${key}`;
}

/** A single setting of a schema, found by going through its sections. */
export interface SettingEntry {
  /** As in YAML, for example `server.port`. */
  path: string;
  /** The names in code that lead to it, for example `['server', 'port']`. */
  keys: string[];
  schema: z.ZodType;
  meta: SettingMeta;
}

/** All settings below a section, in the order they are declared. */
export function settingsOf(schema: ObjectSchema, path = '', keys: string[] = []): SettingEntry[] {
  return Object.entries(schema.shape).flatMap(([name, child]) => {
    const childPath = joinPath(path, yamlKey(name, child));
    const childKeys = [...keys, name];
    if (isSection(child)) return settingsOf(child, childPath, childKeys);
    return [{ path: childPath, keys: childKeys, schema: child, meta: metaOf(child) }];
  });
}

/** The value a setting has when nobody sets it; undefined when it is then absent. */
export function defaultOf(schema: z.ZodType): unknown {
  return schema.safeParse(undefined).data;
}

/** The plain object a section's schema parses, with the values found for its settings. */
export function assemble(
  schema: ObjectSchema,
  path: string,
  valueOf: (path: string) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(schema.shape).flatMap(([name, child]) => {
    const childPath = joinPath(path, yamlKey(name, child));
    const value = isSection(child) ? assemble(child, childPath, valueOf) : valueOf(childPath);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** What stands in a value at a path of keys; undefined where the path leads nowhere. */
export function valueAt(value: unknown, keys: readonly PropertyKey[]): unknown {
  return keys.reduce<unknown>(
    (current, key) => (typeof current === 'object' && current !== null ? Reflect.get(current, key) : undefined),
    value,
  );
}
