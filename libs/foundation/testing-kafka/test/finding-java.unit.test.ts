import { describe, expect, jest, test } from '@jest/globals';
import { findJava, hasMaven, javaMajor } from '../src/distribution/java.ts';
import { whereKafkaRuns } from '../src/where-kafka-runs.ts';

describe('finding what Kafka needs', () => {
  test.each([
    ['openjdk version "17.0.15" 2025-04-15', 17],
    ['openjdk version "21" 2023-09-19', 21],
    ['java version "1.8.0_412"', 8],
    ['something else', undefined],
  ])('%s', (banner, major) => {
    expect(javaMajor(banner)).toBe(major);
  });

  test('says where it has looked for Java', () => {
    expect(findJava({ JAVA_HOME: '/nowhere' })).toEqual({ missing: 'no Java (/nowhere/bin/java cannot be run)' });
    expect(findJava({ PATH: '/nowhere' })).toEqual({ missing: 'no Java (java cannot be run)' });
  });

  test('notices that there is no Maven', () => {
    expect(hasMaven({ PATH: '/nowhere' })).toBe(false);
  });

  test('tests are skipped by name, with the reason, where it is missing', () => {
    const skip = jest.fn<(name: string, body: () => void) => void>();
    const run = Object.assign(jest.fn<(name: string, body: () => void) => void>(), { skip });
    const body = (): void => undefined;
    whereKafkaRuns(run, 'no Java')('the publisher', body);
    expect(skip).toHaveBeenCalledWith('the publisher [skipped: no Java]', body);
    expect(run).not.toHaveBeenCalled();
  });
});
