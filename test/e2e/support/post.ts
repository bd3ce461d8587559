/** What was answered, with its text read to the end. */
export interface PostAnswer {
  status: number;
  headers: Headers;
  text: string;
}

/** A POST of this body as JSON; of a string, byte for byte. */
export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<PostAnswer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}
