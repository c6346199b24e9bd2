import type { Reader } from '@platformatic/kafka';
import type { ApiCall } from './api-call.ts';

export interface DescribedConfigs {
  /** Of the topic or group. */
  readonly name: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** Values that the broker keeps to itself are left out. */
  readonly configs: ReadonlyMap<string, string>;
}

interface Request {
  readonly kind: keyof typeof KIND;
  readonly names: readonly string[];
}

const KIND = { topic: 2, group: 32 } as const;

/** Effective configs of topics or groups: their own, else the cluster's. */
export const DESCRIBE_CONFIGS: ApiCall<Request, readonly DescribedConfigs[]> = {
  name: 'DescribeConfigs',
  key: 32,
  min: 1,
  max: 2,
  flexibleFrom: 4,
  write(writer, { kind, names }) {
    writer.appendArray(
      [...names],
      (w, name) =>
        void w
          .appendInt8(KIND[kind])
          .appendString(name, false)
          .appendArray(null, () => undefined, false, false),
      false,
      false,
    );
    writer.appendBoolean(false); // synonyms
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return reader.readArray(readDescribed, false, false);
  },
};

function readDescribed(reader: Reader): DescribedConfigs {
  const [errorCode, errorMessage] = [reader.readInt16(), reader.readNullableString(false)];
  reader.readInt8(); // kind of resource
  const name = reader.readString(false);
  const configs = reader.readArray(readConfig, false, false).filter((config) => config[1] !== null);
  return { name, errorCode, errorMessage, configs: new Map(configs as [string, string][]) };
}

function readConfig(reader: Reader): [string, string | null] {
  const config: [string, string | null] = [reader.readString(false), reader.readNullableString(false)];
  reader.readBoolean(); // read only
  reader.readInt8(); // where it is set
  reader.readBoolean(); // sensitive
  reader.readArray((r) => [r.readString(false), r.readNullableString(false), r.readInt8()], false, false); // synonyms
  return config;
}
