/** Google's common type Decimal: a decimal number as text. */
export const googleTypeDecimal = `syntax = "proto3";
package google.type;

message Decimal {
  string value = 1;
}
`;
