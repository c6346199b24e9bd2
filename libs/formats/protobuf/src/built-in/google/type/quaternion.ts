/** Google's common type Quaternion. */
export const googleTypeQuaternion = `syntax = "proto3";
package google.type;

message Quaternion {
  double x = 1;
  double y = 2;
  double z = 3;
  double w = 4;
}
`;
