import type { WishedLine } from './wishes.ts';

export type Answer<T> =
  | { readonly kind: 'done'; readonly value: T }
  /** A business rule said no; `code` is the service's. */
  | { readonly kind: 'refused'; readonly code: string };

export interface PlacedOrder {
  readonly orderId: string;
  readonly totalCents: number;
  readonly extrasIncluded: boolean;
}

const TIMEOUT_MS = 30_000;

/** The example service as its customers see it: over HTTP. Anything but a success or a refusal is thrown. */
export class ShopClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  addArticle(sku: string, unitCents: number, quantity: number): Promise<Answer<void>> {
    return this.#post('/stock', { sku, unitCents, quantity });
  }

  deliver(sku: string, quantity: number): Promise<Answer<void>> {
    return this.#post(`/stock/${sku}/deliveries`, { quantity });
  }

  place(order: {
    customerId: string;
    lines: readonly WishedLine[];
    extras: readonly WishedLine[];
  }): Promise<Answer<PlacedOrder>> {
    return this.#post('/orders', order);
  }

  pay(orderId: string, amountCents: number): Promise<Answer<unknown>> {
    return this.#post(`/orders/${orderId}/payments`, { amountCents });
  }

  ship(orderId: string): Promise<Answer<void>> {
    return this.#post(`/orders/${orderId}/shipment`, {});
  }

  cancel(orderId: string): Promise<Answer<void>> {
    return this.#post(`/orders/${orderId}/cancellation`, {});
  }

  async #post<T>(path: string, body: unknown): Promise<Answer<T>> {
    const answer = await fetch(this.#url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await answer.text();
    if (answer.ok) return { kind: 'done', value: (text === '' ? undefined : JSON.parse(text)) as T };
    const code = answer.status < 500 ? (JSON.parse(text) as { code?: string }).code : undefined;
    if (code === undefined) throw new Error(`POST ${path} was answered with ${answer.status}: ${text.slice(0, 500)}`);
    return { kind: 'refused', code };
  }
}
