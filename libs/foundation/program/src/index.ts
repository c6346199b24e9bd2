export { boundHeap } from './bound-heap.ts';
export { countBuffers } from './count-buffers.ts';
export { type Program, type ProgramConfig, runProgram } from './run-program.ts';
export type { RunningService, Service } from './service.ts';
export type { StartedServices } from './start-services.ts';
