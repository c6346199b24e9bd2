/** A .proto file as an application has it: its text, and the descriptor that its generated code carries. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
  /** What protoc 3.21.12 makes of the text, in base64. */
  readonly descriptor: string;
  /** The files that it imports, but the well-known ones. */
  readonly imports: readonly GeneratedFile[];
}

const money: GeneratedFile = {
  path: 'common/money.proto',
  text: `syntax = "proto3";
package shop.common;

message Amount {
  int64 cents = 1;
  string currency = 2;
}
`,
  descriptor:
    'ChJjb21tb24vbW9uZXkucHJvdG8SC3Nob3AuY29tbW9uIjoKBkFtb3VudBIUCgVjZW50cxgBIAEoA1IFY2VudHMSGgoIY3VycmVuY3kYAiABKAlSCGN1cnJlbmN5YgZwcm90bzM=',
  imports: [],
};

const customer: GeneratedFile = {
  path: 'common/customer.proto',
  text: `syntax = "proto3";
package shop.common;

import "google/protobuf/timestamp.proto";

message Customer {
  string id = 1;
  google.protobuf.Timestamp since = 2;
  Address home = 3;

  message Address {
    string city = 1;
  }
}
`,
  descriptor:
    'ChVjb21tb24vY3VzdG9tZXIucHJvdG8SC3Nob3AuY29tbW9uGh9nb29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvIp4BCghDdXN0b21lchIOCgJpZBgBIAEoCVICaWQSMAoFc2luY2UYAiABKAsyGi5nb29nbGUucHJvdG9idWYuVGltZXN0YW1wUgVzaW5jZRIxCgRob21lGAMgASgLMh0uc2hvcC5jb21tb24uQ3VzdG9tZXIuQWRkcmVzc1IEaG9tZRodCgdBZGRyZXNzEhIKBGNpdHkYASABKAlSBGNpdHliBnByb3RvMw==',
  imports: [],
};

const shipment: GeneratedFile = {
  path: 'common/shipment.proto',
  text: `syntax = "proto3";
package shop.common;

import "common/money.proto";

message Shipment {
  string carrier = 1;
  Amount cost = 2;
}
`,
  descriptor:
    'ChVjb21tb24vc2hpcG1lbnQucHJvdG8SC3Nob3AuY29tbW9uGhJjb21tb24vbW9uZXkucHJvdG8iTQoIU2hpcG1lbnQSGAoHY2FycmllchgBIAEoCVIHY2FycmllchInCgRjb3N0GAIgASgLMhMuc2hvcC5jb21tb24uQW1vdW50UgRjb3N0YgZwcm90bzM=',
  imports: [money],
};

const order: GeneratedFile = {
  path: 'order.proto',
  text: `syntax = "proto3";
package shop;

import "common/money.proto";
import "common/customer.proto";

message Ping {}
message Order {
  string id = 1;
  shop.common.Customer by = 2;
  repeated Line lines = 3;
  map<string, int64> counts = 4;
  optional uint64 number = 5;

  oneof paid {
    shop.common.Amount cash = 6;
    string card = 7;
  }

  message Line {
    string sku = 1;
    shop.common.Amount price = 2;
    Note note = 3;
  
    message Note {
      string text = 1;
    }
  }
}
`,
  descriptor:
    'CgtvcmRlci5wcm90bxIEc2hvcBoSY29tbW9uL21vbmV5LnByb3RvGhVjb21tb24vY3VzdG9tZXIucHJvdG8iBgoEUGluZyLQAwoFT3JkZXISDgoCaWQYASABKAlSAmlkEiUKAmJ5GAIgASgLMhUuc2hvcC5jb21tb24uQ3VzdG9tZXJSAmJ5EiYKBWxpbmVzGAMgAygLMhAuc2hvcC5PcmRlci5MaW5lUgVsaW5lcxIvCgZjb3VudHMYBCADKAsyFy5zaG9wLk9yZGVyLkNvdW50c0VudHJ5UgZjb3VudHMSGwoGbnVtYmVyGAUgASgESAFSBm51bWJlcogBARIpCgRjYXNoGAYgASgLMhMuc2hvcC5jb21tb24uQW1vdW50SABSBGNhc2gSFAoEY2FyZBgHIAEoCUgAUgRjYXJkGjkKC0NvdW50c0VudHJ5EhAKA2tleRgBIAEoCVIDa2V5EhQKBXZhbHVlGAIgASgDUgV2YWx1ZToCOAEaigEKBExpbmUSEAoDc2t1GAEgASgJUgNza3USKQoFcHJpY2UYAiABKAsyEy5zaG9wLmNvbW1vbi5BbW91bnRSBXByaWNlEikKBG5vdGUYAyABKAsyFS5zaG9wLk9yZGVyLkxpbmUuTm90ZVIEbm90ZRoaCgROb3RlEhIKBHRleHQYASABKAlSBHRleHRCBgoEcGFpZEIJCgdfbnVtYmVyYgZwcm90bzM=',
  imports: [money, customer],
};

const orderWithRemark: GeneratedFile = {
  path: 'order.proto',
  text: `syntax = "proto3";
package shop;

import "common/money.proto";
import "common/customer.proto";

message Ping {}
message Order {
  string id = 1;
  shop.common.Customer by = 2;
  repeated Line lines = 3;
  map<string, int64> counts = 4;
  optional uint64 number = 5;
  string remark = 8;

  oneof paid {
    shop.common.Amount cash = 6;
    string card = 7;
  }

  message Line {
    string sku = 1;
    shop.common.Amount price = 2;
    Note note = 3;
  
    message Note {
      string text = 1;
    }
  }
}
message Remark {
  string text = 1;
}
`,
  descriptor:
    'CgtvcmRlci5wcm90bxIEc2hvcBoSY29tbW9uL21vbmV5LnByb3RvGhVjb21tb24vY3VzdG9tZXIucHJvdG8iBgoEUGluZyLoAwoFT3JkZXISDgoCaWQYASABKAlSAmlkEiUKAmJ5GAIgASgLMhUuc2hvcC5jb21tb24uQ3VzdG9tZXJSAmJ5EiYKBWxpbmVzGAMgAygLMhAuc2hvcC5PcmRlci5MaW5lUgVsaW5lcxIvCgZjb3VudHMYBCADKAsyFy5zaG9wLk9yZGVyLkNvdW50c0VudHJ5UgZjb3VudHMSGwoGbnVtYmVyGAUgASgESAFSBm51bWJlcogBARIWCgZyZW1hcmsYCCABKAlSBnJlbWFyaxIpCgRjYXNoGAYgASgLMhMuc2hvcC5jb21tb24uQW1vdW50SABSBGNhc2gSFAoEY2FyZBgHIAEoCUgAUgRjYXJkGjkKC0NvdW50c0VudHJ5EhAKA2tleRgBIAEoCVIDa2V5EhQKBXZhbHVlGAIgASgDUgV2YWx1ZToCOAEaigEKBExpbmUSEAoDc2t1GAEgASgJUgNza3USKQoFcHJpY2UYAiABKAsyEy5zaG9wLmNvbW1vbi5BbW91bnRSBXByaWNlEikKBG5vdGUYAyABKAsyFS5zaG9wLk9yZGVyLkxpbmUuTm90ZVIEbm90ZRoaCgROb3RlEhIKBHRleHQYASABKAlSBHRleHRCBgoEcGFpZEIJCgdfbnVtYmVyIhwKBlJlbWFyaxISCgR0ZXh0GAEgASgJUgR0ZXh0YgZwcm90bzM=',
  imports: [money, customer],
};

const orderWithNumber: GeneratedFile = {
  path: 'order.proto',
  text: `syntax = "proto3";
package shop;

import "common/money.proto";
import "common/customer.proto";

message Ping {}
message Order {
  int64 id = 1;
  shop.common.Customer by = 2;
  repeated Line lines = 3;
  map<string, int64> counts = 4;
  optional uint64 number = 5;

  oneof paid {
    shop.common.Amount cash = 6;
    string card = 7;
  }

  message Line {
    string sku = 1;
    shop.common.Amount price = 2;
    Note note = 3;
  
    message Note {
      string text = 1;
    }
  }
}
`,
  descriptor:
    'CgtvcmRlci5wcm90bxIEc2hvcBoSY29tbW9uL21vbmV5LnByb3RvGhVjb21tb24vY3VzdG9tZXIucHJvdG8iBgoEUGluZyLQAwoFT3JkZXISDgoCaWQYASABKANSAmlkEiUKAmJ5GAIgASgLMhUuc2hvcC5jb21tb24uQ3VzdG9tZXJSAmJ5EiYKBWxpbmVzGAMgAygLMhAuc2hvcC5PcmRlci5MaW5lUgVsaW5lcxIvCgZjb3VudHMYBCADKAsyFy5zaG9wLk9yZGVyLkNvdW50c0VudHJ5UgZjb3VudHMSGwoGbnVtYmVyGAUgASgESAFSBm51bWJlcogBARIpCgRjYXNoGAYgASgLMhMuc2hvcC5jb21tb24uQW1vdW50SABSBGNhc2gSFAoEY2FyZBgHIAEoCUgAUgRjYXJkGjkKC0NvdW50c0VudHJ5EhAKA2tleRgBIAEoCVIDa2V5EhQKBXZhbHVlGAIgASgDUgV2YWx1ZToCOAEaigEKBExpbmUSEAoDc2t1GAEgASgJUgNza3USKQoFcHJpY2UYAiABKAsyEy5zaG9wLmNvbW1vbi5BbW91bnRSBXByaWNlEikKBG5vdGUYAyABKAsyFS5zaG9wLk9yZGVyLkxpbmUuTm90ZVIEbm90ZRoaCgROb3RlEhIKBHRleHQYASABKAlSBHRleHRCBgoEcGFpZEIJCgdfbnVtYmVyYgZwcm90bzM=',
  imports: [money, customer],
};

const receipt: GeneratedFile = {
  path: 'receipt.proto',
  text: `syntax = "proto3";
package shop;

import "common/shipment.proto";
import "common/money.proto";

message Receipt {
  shop.common.Shipment shipment = 1;
  shop.common.Amount total = 2;
}
`,
  descriptor:
    'Cg1yZWNlaXB0LnByb3RvEgRzaG9wGhVjb21tb24vc2hpcG1lbnQucHJvdG8aEmNvbW1vbi9tb25leS5wcm90byJnCgdSZWNlaXB0EjEKCHNoaXBtZW50GAEgASgLMhUuc2hvcC5jb21tb24uU2hpcG1lbnRSCHNoaXBtZW50EikKBXRvdGFsGAIgASgLMhMuc2hvcC5jb21tb24uQW1vdW50UgV0b3RhbGIGcHJvdG8z',
  imports: [shipment, money],
};

const legacy: GeneratedFile = {
  path: 'legacy.proto',
  text: `syntax = "proto2";
package shop;

message Legacy {
  optional string id = 3;

  message Head {
    optional string h = 1;
  }
  repeated group Part = 1 {
    optional int64 size = 1;
  }
  message Tail {
    optional string t = 1;
    optional Head head = 2;
  }
}
`,
  descriptor:
    'CgxsZWdhY3kucHJvdG8SBHNob3AirgEKBkxlZ2FjeRIOCgJpZBgDIAEoCVICaWQSJQoEcGFydBgBIAMoCjIRLnNob3AuTGVnYWN5LlBhcnRSBHBhcnQaFAoESGVhZBIMCgFoGAEgASgJUgFoGhoKBFBhcnQSEgoEc2l6ZRgBIAEoA1IEc2l6ZRo7CgRUYWlsEgwKAXQYASABKAlSAXQSJQoEaGVhZBgCIAEoCzIRLnNob3AuTGVnYWN5LkhlYWRSBGhlYWQ=',
  imports: [],
};

/**
 * Three states of one file of orders, whose imports import nothing of ours; receipts, whose imports do; and a proto2 file with a
 * group between nested messages.
 */
export const FILES = { order, orderWithRemark, orderWithNumber, receipt, legacy } as const;
