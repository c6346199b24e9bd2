/** Google's common type PhoneNumber: E.164 or a short code. */
export const googleTypePhoneNumber = `syntax = "proto3";
package google.type;

message PhoneNumber {
  oneof kind {
    string e164_number = 1;
    ShortCode short_code = 2;
  }
  string extension = 3;
  message ShortCode {
    string region_code = 1;
    string number = 2;
  }
}
`;
