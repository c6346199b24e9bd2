/** Google's common type Interval: from a time (inclusive) to a time (exclusive). */
export const googleTypeInterval = `syntax = "proto3";
package google.type;

import "google/protobuf/timestamp.proto";

message Interval {
  google.protobuf.Timestamp start_time = 1;
  google.protobuf.Timestamp end_time = 2;
}
`;
