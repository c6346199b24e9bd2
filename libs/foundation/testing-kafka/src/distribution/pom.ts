/** The release that the tests run. 4.4.0 has brokers on Maven Central but no kafka-tools, without which nothing can check it. */
export const KAFKA_VERSION = '4.3.1';

/** Brokers log through slf4j 1.7; the simple binding needs no configuration file and starts fastest. */
const SLF4J_VERSION = '1.7.36';

/** What Maven is to fetch: the broker, Kafka's own command line programs, and a place for the brokers' log lines to go. */
export function pom(kafkaVersion: string): string {
  // The programs bring Kafka Connect and its HTTP server along, of which no test has any use.
  const withoutConnect = `<exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId></exclusion>
      </exclusions>`;
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tidemark</groupId>
  <artifactId>kafka-for-tests</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    ${dependency('org.apache.kafka', 'kafka_2.13', kafkaVersion)}
    ${dependency('org.apache.kafka', 'kafka-tools', kafkaVersion, withoutConnect)}
    ${dependency('org.slf4j', 'slf4j-simple', SLF4J_VERSION)}
  </dependencies>
</project>
`;
}

function dependency(group: string, artifact: string, version: string, more = ''): string {
  return `<dependency>
      <groupId>${group}</groupId>
      <artifactId>${artifact}</artifactId>
      <version>${version}</version>
      ${more}
    </dependency>`;
}
