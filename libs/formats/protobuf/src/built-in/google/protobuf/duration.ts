/** The well-known type Duration: a span of time in seconds and nanoseconds. */
export const googleProtobufDuration = `syntax = "proto3";
package google.protobuf;

message Duration {
  int64 seconds = 1;
  int32 nanos = 2;
}
`;
