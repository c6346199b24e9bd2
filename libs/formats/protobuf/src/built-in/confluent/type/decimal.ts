/**
 * Confluent's Decimal: the unscaled integer in two's complement, big end first, with its precision and scale. The numbers are
 * those of the descriptor that Confluent's clients carry; the oldest form of the file had no precision and the scale as 2.
 */
export const confluentTypeDecimal = `syntax = "proto3";
package confluent.type;

message Decimal {
  bytes value = 1;
  uint32 precision = 2;
  int32 scale = 3;
}
`;
