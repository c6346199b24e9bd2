import type { PageAnswer } from './answers.ts';
import type { Query, RelayClient } from './relay-client.ts';

const PAGE = 1_000;

/** The items of all pages of a list, at most `limit` (default: all), one page at a time. */
export async function* pagesOf<T>(
  client: RelayClient,
  path: string,
  options: { readonly query?: Query; readonly limit?: number } = {},
): AsyncGenerator<readonly T[]> {
  let left = options.limit ?? Number.POSITIVE_INFINITY;
  let cursor: string | undefined;
  while (left > 0) {
    const query: Query = { ...options.query, limit: Math.min(PAGE, left), cursor };
    const page: PageAnswer<T> = await client.call(path, { query });
    if (page.items.length > 0) yield page.items;
    left -= page.items.length;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

/** All items of a list. For lists that are short by nature: topics, groups. */
export async function allOf<T>(client: RelayClient, path: string): Promise<T[]> {
  const items: T[] = [];
  for await (const page of pagesOf<T>(client, path)) items.push(...page);
  return items;
}
