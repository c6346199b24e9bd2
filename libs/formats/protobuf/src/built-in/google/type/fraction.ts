/** Google's common type Fraction. */
export const googleTypeFraction = `syntax = "proto3";
package google.type;

message Fraction {
  int64 numerator = 1;
  int64 denominator = 2;
}
`;
