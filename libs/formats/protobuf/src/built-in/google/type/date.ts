/** Google's common type Date: a calendar date; 0 stands for a part that is not given. */
export const googleTypeDate = `syntax = "proto3";
package google.type;

message Date {
  int32 year = 1;
  int32 month = 2;
  int32 day = 3;
}
`;
