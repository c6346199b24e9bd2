import type { Reader } from '@platformatic/kafka';
import type { ApiCall } from './api-call.ts';

export interface DescribedTopic {
  readonly topic: string;
  readonly errorCode: number;
  readonly errorMessage: string | null;
  /** Values that the broker keeps to itself are left out. */
  readonly configs: ReadonlyMap<string, string>;
}

const TOPIC = 2;

/** Effective configs of topics: their own, else the cluster's. */
export const DESCRIBE_CONFIGS: ApiCall<readonly string[], readonly DescribedTopic[]> = {
  name: 'DescribeConfigs',
  key: 32,
  min: 1,
  max: 2,
  flexibleFrom: 4,
  write(writer, topics) {
    writer.appendArray(
      topics as string[],
      (w, topic) =>
        void w
          .appendInt8(TOPIC)
          .appendString(topic, false)
          .appendArray(null, () => undefined, false, false),
      false,
      false,
    );
    writer.appendBoolean(false); // synonyms
  },
  read(reader) {
    reader.readInt32(); // throttled for
    return reader.readArray(readTopic, false, false);
  },
};

function readTopic(reader: Reader): DescribedTopic {
  const [errorCode, errorMessage] = [reader.readInt16(), reader.readNullableString(false)];
  reader.readInt8(); // kind of resource
  const topic = reader.readString(false);
  const configs = reader.readArray(readConfig, false, false).filter((config) => config[1] !== null);
  return { topic, errorCode, errorMessage, configs: new Map(configs as [string, string][]) };
}

function readConfig(reader: Reader): [string, string | null] {
  const config: [string, string | null] = [reader.readString(false), reader.readNullableString(false)];
  reader.readBoolean(); // read only
  reader.readInt8(); // where it is set
  reader.readBoolean(); // sensitive
  reader.readArray((r) => [r.readString(false), r.readNullableString(false), r.readInt8()], false, false); // synonyms
  return config;
}
