/** Protobuf: the schema of payments.received-value. */
export const PAYMENT_RECEIVED = `syntax = "proto3";
package shop;

message PaymentReceived {
  string order_id = 1;
  string customer_id = 2;
  int32 version = 3;
  string at = 4;
  string payment_id = 5;
  int64 amount_cents = 6;
}
`;
