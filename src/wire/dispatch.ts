/** One handler for each member of a union that is told apart by `type`; a missing or misspelt one does not compile. */
export type Handlers<Event extends { type: string }, State, Result> = {
  readonly [Type in Event['type']]: (event: Extract<Event, { type: Type }>, state: State) => Result;
};

/** Calls the handler of the event's type. The event must be one of our own: for names from outside see `lookUp`. */
export function dispatch<Event extends { type: string }, State, Result>(
  handlers: Handlers<Event, State, Result>,
  event: Event,
  state: State,
): Result {
  // The table's type ties each key to its member of the union; TypeScript cannot carry that tie through an index access.
  const handler = handlers[event.type as Event['type']] as (event: Event, state: State) => Result;
  return handler(event, state);
}

/** The entry under a name that a stranger chose: inherited names such as `constructor` are not entries. */
export function lookUp<Value>(table: Readonly<Record<string, Value>>, name: string | undefined): Value | undefined {
  return name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}
