/** Looks again and again until there is something to see; throws an error that says what was not seen in this time. */
export async function within<T>(milliseconds: number, what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + milliseconds; Date.now() < end;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`not within ${milliseconds} ms: ${what}`);
}
