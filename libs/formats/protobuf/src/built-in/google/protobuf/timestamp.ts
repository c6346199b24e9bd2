/** The well-known type Timestamp: seconds and nanoseconds since 1970 UTC. */
export const googleProtobufTimestamp = `syntax = "proto3";
package google.protobuf;

message Timestamp {
  int64 seconds = 1;
  int32 nanos = 2;
}
`;
