/** Confluent's Variant: a value of any shape in the binary form that Parquet and Iceberg share, with its dictionary of names. */
export const confluentTypeVariant = `syntax = "proto3";
package confluent.type;

message Variant {
  bytes metadata = 1;
  bytes value = 2;
}
`;
