export { type HealthCheck, HealthChecks, type HealthReport, type HealthResult } from './health-checks.ts';
export { errorFields, type LogFields } from './log-fields.ts';
export type { LogFormat, LogLevel } from './log-format.ts';
export { createLogger, type Logger, type LoggerOptions, silentLogger } from './logger.ts';
export {
  createMetrics,
  type GaugeOptions,
  type HistogramOptions,
  type MetricOptions,
  Metrics,
  metricsOf,
} from './metrics.ts';
export { NestLogger } from './nest-logger.ts';
