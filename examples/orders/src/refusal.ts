/** Why a request was refused, as clients see it. */
export const REFUSALS = {
  ORDER_UNKNOWN: 404,
  SKU_UNKNOWN: 404,
  SKU_EXISTS: 409,
  OUT_OF_STOCK: 409,
  AMOUNT_WRONG: 409,
  ALREADY_PAID: 409,
  NOT_PAID: 409,
  ALREADY_SHIPPED: 409,
  ALREADY_CANCELLED: 409,
} as const satisfies Record<string, number>;

export type RefusalCode = keyof typeof REFUSALS;

/** A business rule said no. Thrown inside a transaction it rolls back whatever was written there, events included. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}
