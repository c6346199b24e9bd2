/** Google's common type Color: red, green, blue and, optionally, alpha from 0 to 1. */
export const googleTypeColor = `syntax = "proto3";
package google.type;

import "google/protobuf/wrappers.proto";

message Color {
  float red = 1;
  float green = 2;
  float blue = 3;
  google.protobuf.FloatValue alpha = 4;
}
`;
