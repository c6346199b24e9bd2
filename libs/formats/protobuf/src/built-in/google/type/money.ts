/** Google's common type Money: whole units and billionths of a currency. */
export const googleTypeMoney = `syntax = "proto3";
package google.type;

message Money {
  string currency_code = 1;
  int64 units = 2;
  int32 nanos = 3;
}
`;
